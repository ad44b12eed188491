// The server's clock. It follows the machine's clock as long as that moves steadily. When the machine's clock
// jumps (set by hand, a bad time server, a machine that slept), the server goes on counting by itself: a
// wrong clock would expire orders and plan checks wrongly. WeChat's next answer decides which time is right.

import type { Clock } from '@cashdesk/sdk'

/**
 * Largest difference, between two readings, of the machine's clock from the time that has passed that is still followed: time servers correct in small steps.
 */
const FOLLOWED_MS = 2000
/** After a jump the machine's clock is trusted again when it is this close to WeChat's. */
const AGREES_MS = 60_000

export interface SteadyClock extends Clock {
  /** The machine's clock minus this one, in ms; 0 while it is followed. */
  apart_ms(): number
  /** WeChat's time (epoch ms), from an answer that has just arrived. */
  heard(date: number): void
}

export interface Times {
  /** The machine's clock, in epoch milliseconds. */
  wall(): number
  /** Milliseconds since an arbitrary moment. Never jumps; may stand still while the machine sleeps. */
  monotonic(): number
}

/** Makes the server's clock. `log` gets the difference in ms when the machine's clock jumps, and when it is followed again. */
export function steadyClock(
  times: Times,
  timer: Clock['timer'],
  log: (event: 'clock.jumped' | 'clock.followed', ms: number) => void,
): SteadyClock {
  let anchor = { at: times.wall(), passed: times.monotonic() }
  let apart = 0
  const now = (): number => {
    const [wall, passed] = [times.wall(), times.monotonic()]
    const counted = anchor.at + (passed - anchor.passed)
    const difference = wall - counted
    if (Math.abs(difference) <= FOLLOWED_MS) {
      anchor = { at: wall, passed }
      apart = 0
      return wall
    }
    if (apart === 0) log('clock.jumped', difference)
    apart = difference
    return Math.round(counted)
  }
  return {
    now,
    timer,
    apart_ms() {
      now()
      return apart
    },
    heard(date) {
      const counted = now()
      if (apart === 0) return
      const wall = counted + apart
      if (Math.abs(wall - date) > AGREES_MS || Math.abs(wall - date) >= Math.abs(counted - date)) return
      anchor = { at: times.wall(), passed: times.monotonic() }
      log('clock.followed', apart)
      apart = 0
    },
  }
}
