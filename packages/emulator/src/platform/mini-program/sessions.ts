// session_key: for each user of a mini program only the newest one is valid (miniprogram-server-api §1, §2).

import { sessionSignature } from '@cashdesk/protocol'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'

/** An assumption: WeChat does not document how long a session_key lives. */
const LIFE_MS = 3 * 24 * 60 * 60 * 1000

export interface Session {
  appid: string
  openid: string
  /** Base64 of 16 bytes. */
  session_key: string
  expires_at: number
}

export interface Sessions extends Part<readonly Session[]> {
  /** Makes a new session_key for code2Session; the old one becomes invalid. */
  begin(appid: string, openid: string): Session
  /** The valid session, until it expires. */
  find(appid: string, openid: string): Session | undefined
  /** Whether this is the signature of the empty text by the valid session_key. */
  signed(appid: string, openid: string, signature: string): boolean
  /** Makes a new session_key that expires when the old one would have. */
  renew(session: Session): Session
}

export function createSessions(clock: Clock, random: Random, journal: Journal): Sessions {
  const sessions = new Map<string, Session>()
  const keep = (session: Session): Session => {
    sessions.set(`${session.appid}/${session.openid}`, session)
    journal.put('sessions', session)
    return session
  }
  const newKey = (): string => Buffer.from(random(16)).toString('base64')
  const find = (appid: string, openid: string): Session | undefined => {
    const session = sessions.get(`${appid}/${openid}`)
    return session && clock.now() < session.expires_at ? session : undefined
  }
  return {
    begin: (appid, openid) => keep({ appid, openid, session_key: newKey(), expires_at: clock.now() + LIFE_MS }),
    find,
    signed(appid, openid, signature) {
      const session = find(appid, openid)
      return session !== undefined && sessionSignature(session.session_key) === signature
    },
    renew: (session) => keep({ ...session, session_key: newKey() }),
    save: () => [...sessions.values()],
    restore(saved) {
      for (const session of saved) keep(session)
    },
    reset: () => sessions.clear(),
  }
}
