// Checks that a session_key is the user's current one, and exchanges it for a new one: GET /wxa/checksession, /wxa/resetusersessionkey.

import { sessionSignature } from '@cashdesk/protocol'
import { MiniProgramApiError } from '../errors.ts'
import type { MiniProgramCaller } from './caller.ts'

/** A user and their session_key. The key itself is not sent, only its signature. */
export interface UserSession {
  openid: string
  session_key: string
}

/** `false` if WeChat says that the key is not current (87009); any other error is thrown. */
export async function checkSessionKey(caller: MiniProgramCaller, session: UserSession): Promise<boolean> {
  try {
    await caller.send({ endpoint: 'miniCheckSessionKey', query: signed(session) })
    return true
  } catch (error) {
    if (error instanceof MiniProgramApiError && error.errcode === 87009) return false
    throw error
  }
}

/** The new key expires when the old one would have. Do not call it often for one user. */
export async function resetUserSessionKey(caller: MiniProgramCaller, session: UserSession): Promise<UserSession> {
  const { openid, session_key } = await caller.send({ endpoint: 'miniResetSessionKey', query: signed(session) }, 'openid', 'session_key')
  return { openid: String(openid), session_key: String(session_key) }
}

function signed({ openid, session_key }: UserSession): { openid: string; signature: string; sig_method: 'hmac_sha256' } {
  return { openid, signature: sessionSignature(session_key), sig_method: 'hmac_sha256' }
}
