// A phone logs in: WeChat exchanges the code for an openid, and we issue an opaque token. session_key never leaves this function.

import type { CreateSessionRequest } from '@cashdesk/contract'
import { MiniProgramApiError } from '@cashdesk/sdk'
import type { Session } from '@cashdesk/store'
import { sha256 } from '../access/hash.ts'
import { mintToken } from '../access/tokens.ts'
import { Problem } from '../problem.ts'
import { wechatSaid } from '../wechat/said.ts'
import type { World } from '../world.ts'

const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000

export interface OpenedSession {
  /** 192 random bits and a MAC; only its hash is kept. */
  token: string
  expires_at: number
}

/** Exchanges a login code for a session token of 30 days. @throws Problem appid_unknown, login_refused, wechat_unreachable */
export async function openSession(world: World, body: CreateSessionRequest): Promise<OpenedSession> {
  const program = world.programs.get(body.appid)
  if (!program) throw new Problem('appid_unknown')
  const { openid } = await program.code2Session(body.code).catch((cause: unknown) => {
    throw loginProblem(cause)
  })
  const token = mintToken(await world.tokenSecret(), 'ct_', world.random)
  const now = world.clock.now()
  const session: Session = { token_hash: sha256(token), appid: body.appid, openid, created_at: now, expires_at: now + SESSION_LIFETIME_MS }
  await world.store.transaction(async (tx) => {
    if (!world.skew.isWrong()) await tx.sessions.removeExpired(now)
    await tx.sessions.insert(session)
  })
  world.log('session.opened')
  return { token, expires_at: session.expires_at }
}

/** A login code works once. Whatever failed, the phone must get a new code, so an unknown outcome loses nothing (reliability A1). */
function loginProblem(cause: unknown): Problem {
  if (cause instanceof MiniProgramApiError && cause.meaning === 'refused') {
    return new Problem('login_refused', { wechat_code: String(cause.errcode), wechat: wechatSaid(cause) }, { cause })
  }
  return new Problem('wechat_unreachable', {}, { cause })
}
