// Whether a session_key is still the user's newest, and a new one for an old: GET /wxa/checksession, /wxa/resetusersessionkey.

import { sessionSignature } from '@cashdesk/protocol'
import { MiniProgramApiError } from '../errors.ts'
import type { MiniProgramCaller } from './caller.ts'

/** A user and his session_key. The key itself is not sent, only its signature. */
export interface UserSession {
  openid: string
  session_key: string
}

/** `false` where WeChat says so (87009); any other error is thrown. */
export async function checkSessionKey(caller: MiniProgramCaller, session: UserSession): Promise<boolean> {
  try {
    await caller.send({ endpoint: 'miniCheckSessionKey', method: 'GET', path: '/wxa/checksession', query: signed(session) })
    return true
  } catch (error) {
    if (error instanceof MiniProgramApiError && error.errcode === 87009) return false
    throw error
  }
}

/** The new key ends when the old one would have. Not often for one user. */
export async function resetUserSessionKey(caller: MiniProgramCaller, session: UserSession): Promise<UserSession> {
  const { openid, session_key } = await caller.send(
    { endpoint: 'miniResetSessionKey', method: 'GET', path: '/wxa/resetusersessionkey', query: signed(session) },
    'openid',
    'session_key',
  )
  return { openid: String(openid), session_key: String(session_key) }
}

function signed({ openid, session_key }: UserSession): { openid: string; signature: string; sig_method: 'hmac_sha256' } {
  return { openid, signature: sessionSignature(session_key), sig_method: 'hmac_sha256' }
}
