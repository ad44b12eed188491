// Who is at work on this database, and what is planned further ahead than any pause is long.

export interface Processes {
  /** Writes that this one is at work, forgets those not seen since then, and counts the rest with this one. */
  seen(id: string, now: number, since: number): Promise<number>
  gone(id: string): Promise<void>
}

export interface Schedule {
  /** Makes due what is planned further ahead than any pause is long. Says how many rows. */
  pullIn(now: number): Promise<{ orders: number; refunds: number; deliveries: number }>
}
