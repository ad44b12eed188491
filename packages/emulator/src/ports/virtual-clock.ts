// A clock that stands still until it is told to advance. Everything in a test can share it, so that the test is deterministic.

import type { Clock } from './clock.ts'

export interface VirtualClock extends Clock {
  /**
   * Advances by `ms`. It stops at each timer on the way, in order of time, and waits for what the timer started.
   * Code that itself waits for virtual time would block this wait for ever, so after two real seconds the clock goes on without it.
   */
  advance(ms: number): Promise<void>
}

const GRACE_MS = 2000

interface Timer {
  at: number
  wake: () => void | Promise<void>
}

/** A clock that starts at `start`, epoch milliseconds. */
export function virtualClock(start: number): VirtualClock {
  let now = start
  const timers = new Set<Timer>()

  const nextBefore = (limit: number): Timer | undefined => {
    let next: Timer | undefined
    // A Set keeps insertion order, so of two timers for the same moment the older one wakes first.
    for (const timer of timers) if (timer.at <= limit && (!next || timer.at < next.at)) next = timer
    return next
  }

  return {
    now: () => now,
    timer(delay_ms, wake) {
      const timer = { at: now + Math.max(0, delay_ms), wake }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      if (!(ms >= 0)) throw new TypeError('a virtual clock only goes forward')
      const target = now + ms
      for (let timer = nextBefore(target); timer; timer = nextBefore(target)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        await finished(timer.wake())
      }
      now = target
    },
  }
}

async function finished(started: void | Promise<void>): Promise<void> {
  if (!started) return
  let grace: NodeJS.Timeout | undefined
  await Promise.race([
    started,
    new Promise<void>((resolve) => {
      grace = setTimeout(resolve, GRACE_MS)
    }),
  ])
  clearTimeout(grace)
}
