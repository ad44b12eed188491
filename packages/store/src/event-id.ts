// Event ids: `evt_`, the time, a counter, and random bytes, so that ids sort in the order in which they were made.

export interface EventIds {
  next(now: number): string
  /** Tells the newest existing id: later ids sort after it, even if the clock is behind. */
  after(id: string): void
}

const COUNTER_MAX = 0xffff

/** `random` returns that many unpredictable bytes. */
export function eventIds(random: (bytes: number) => Uint8Array): EventIds {
  let last = 0
  let counter = 0
  return {
    next(now) {
      // A clock that steps back must not reorder events.
      if (now > last) [last, counter] = [now, 0]
      else if (counter < COUNTER_MAX) counter++
      else [last, counter] = [last + 1, 0]
      const time = last.toString(16).padStart(12, '0')
      return `evt_${time}${counter.toString(16).padStart(4, '0')}${Buffer.from(random(6)).toString('hex')}`
    },
    after(id) {
      const [, time, count] = /^evt_([0-9a-f]{12})([0-9a-f]{4})/.exec(id) ?? []
      if (time === undefined || count === undefined) return
      const [at, made] = [Number.parseInt(time, 16), Number.parseInt(count, 16)]
      if (at > last || (at === last && made > counter)) [last, counter] = [at, made]
    },
  }
}
