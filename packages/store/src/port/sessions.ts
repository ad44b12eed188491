// Sessions of phones that have logged in.

export interface Session {
  /** SHA-256 of the token, hex. */
  token_hash: string
  appid: string
  openid: string
  created_at: number
  expires_at: number
}

export interface Sessions {
  insert(session: Session): Promise<void>
  /** Finds a session that has not expired. */
  find(token_hash: string, now: number): Promise<Session | undefined>
  removeExpired(now: number): Promise<void>
}
