// Login: GET /sns/jscode2session. The code of wx.login becomes openid and session_key.

import type { Code2SessionAnswer } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from './caller.ts'

export async function code2Session(caller: MiniProgramCaller, js_code: string): Promise<Code2SessionAnswer> {
  const query = { js_code, grant_type: 'authorization_code' }
  const { openid, session_key, unionid } = await caller.sendWithSecret({ endpoint: 'miniCode2Session', query }, 'openid', 'session_key')
  return { openid: String(openid), session_key: String(session_key), ...(typeof unionid === 'string' && { unionid }) }
}
