// The servers that use this database, and the repair of times that are planned too far ahead.

export interface Processes {
  /** Records that this server is running, removes those not seen since `since`, and returns the number of the rest, including this one. */
  seen(id: string, now: number, since: number): Promise<number>
  gone(id: string): Promise<void>
}

export interface Schedule {
  /** Makes rows due that are planned further ahead than the longest pause. Returns how many rows. */
  pullIn(now: number): Promise<{ orders: number; refunds: number; deliveries: number }>
}
