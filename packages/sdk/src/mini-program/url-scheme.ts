// A weixin:// link into the mini program: POST /wxa/generatescheme.

import type { UrlSchemeRequest } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from './caller.ts'

export async function urlScheme(caller: MiniProgramCaller, request: UrlSchemeRequest): Promise<string> {
  const { openlink } = await caller.send({ endpoint: 'miniUrlScheme', body: request }, 'openlink')
  return String(openlink)
}
