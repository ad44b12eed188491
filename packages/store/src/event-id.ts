// Ids of events: `evt_`, the time, a counter, and randomness, so that ids sort in the order in which they were made.

/** `random` yields that many unpredictable bytes. */
export function eventIds(random: (bytes: number) => Uint8Array): (now: number) => string {
  let last = 0
  let counter = 0
  return (now) => {
    // A clock that steps back must not reorder events.
    counter = now > last ? 0 : counter + 1
    last = Math.max(last, now)
    const time = last.toString(16).padStart(12, '0')
    return `evt_${time}${counter.toString(16).padStart(4, '0')}${Buffer.from(random(6)).toString('hex')}`
  }
}
