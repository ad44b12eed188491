// The server's clock: the machine's, as long as that moves as time does. When it jumps (a hand, a bad time server, a machine that slept), the server goes on
// counting by itself, because orders that expire and looks that are planned by a wrong clock are wrong for as long as it was ahead. Whose time is right is
// decided by the next answer of WeChat.

import type { Clock } from '@cashdesk/sdk'

/** So far the machine's clock may move away from the time that has passed, between two looks at it, and be followed: time servers correct in small steps. */
const FOLLOWED_MS = 2000
/** The machine's clock is believed again when WeChat's is no further from it. */
const AGREES_MS = 60_000

export interface SteadyClock extends Clock {
  /** The machine's clock less this one; 0 while it is followed. */
  apart_ms(): number
  /** WeChat's clock, as an answer that has just come tells it. */
  heard(date: number): void
}

export interface Times {
  /** Epoch milliseconds, as the machine has them. */
  wall(): number
  /** Milliseconds since some moment: never jumps, and stands still at most while the machine sleeps. */
  monotonic(): number
}

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
