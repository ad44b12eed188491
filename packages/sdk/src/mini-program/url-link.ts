// An https link into the mini program: POST /wxa/generate_urllink.

import type { UrlLinkRequest } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from './caller.ts'

export async function urlLink(caller: MiniProgramCaller, request: UrlLinkRequest): Promise<string> {
  const { url_link } = await caller.send({ endpoint: 'miniUrlLink', body: request }, 'url_link')
  return String(url_link)
}
