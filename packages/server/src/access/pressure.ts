// Measures how long work waits in this process before it starts, and decides which requests are refused. A request that waits for seconds is
// answered after the phone has given up, so its work is wasted; one that is refused at once with Retry-After comes back when there is capacity.

import { randomBytes } from 'node:crypto'
import type { Clock, Random } from '@cashdesk/sdk'
import type { Store } from '@cashdesk/store'
import { createInHand, type InHand } from './in-hand.ts'

/** From the first age some new requests are refused, from the second all. */
const SOME_MS = 200
const ALL_MS = 1000
/** Reads are refused at twice the age: they are cheap, and a phone that asks whether it has paid should get an answer. */
const READS = 2
const EVERY_MS = 50

export interface Pressure {
  /** Milliseconds that work waits now: the longest of the waits for the event loop, libuv's pool (signing), the database, and the total of a request. */
  age_ms(): number
  /** Counts a request as under way until it ends. */
  during: InHand['during']
  /** Whether to refuse a request with this method now. */
  sheds(method: string): boolean
  /** Starts measuring; the returned function stops it. Before that the age is 0. */
  start(): () => void
}

export function createPressure(store: () => Store, clock: Clock, random: Random): Pressure {
  const loop = gauge()
  const pool = gauge()
  const inHand = createInHand()
  let measuring = false
  let inHand_ms = 0
  const age_ms = (): number => (measuring ? Math.max(loop.age(), pool.age(), store().backlog_ms(), inHand_ms) : 0)
  return {
    age_ms,
    during: inHand.during,
    sheds(method) {
      const age = age_ms() / (method === 'GET' ? READS : 1)
      if (age <= SOME_MS) return false
      // The probability rises gradually: a fixed threshold would make the load swing between idle and full.
      return (random(1)[0] ?? 0) / 256 < (age - SOME_MS) / (ALL_MS - SOME_MS)
    },
    start() {
      measuring = true
      let cancel = (): void => {}
      const measure = (): void => {
        const due = performance.now() + EVERY_MS
        inHand_ms = inHand.age_ms()
        loop.begins(due)
        cancel = clock.timer(EVERY_MS, () => {
          loop.ends()
          measure()
        })
        if (pool.busy()) return
        pool.begins(performance.now())
        // A job in the pool waits behind the signatures that were requested before it, so its delay is that of the pool.
        randomBytes(1, () => pool.ends())
      }
      measure()
      return () => {
        measuring = false
        cancel()
      }
    },
  }
}

/** The last half second of measurements counts: one short turn of the loop does not mean that the queue is gone. */
const SAMPLES = 10

/** The longest delay among the last samples and the measurement that is still running, in ms. */
function gauge() {
  let samples: number[] = []
  let since: number | undefined
  return {
    begins(at: number): void {
      since = at
    },
    ends(): void {
      if (since !== undefined) samples = [...samples, performance.now() - since].slice(-SAMPLES)
      since = undefined
    },
    busy: () => since !== undefined,
    age: () => Math.max(0, ...samples, since === undefined ? 0 : performance.now() - since),
  }
}
