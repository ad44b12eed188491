// How long work waits in this process before it is begun, and which requests are sent away because of it. A request that waits for seconds is answered
// when the phone has given up, so the work would be for nothing; one that is refused at once with Retry-After comes back when there is room.

import { randomBytes } from 'node:crypto'
import type { Clock, Random } from '@cashdesk/sdk'
import type { Store } from '@cashdesk/store'
import { createInHand, type InHand } from './in-hand.ts'

/** From here on some new requests are refused, and from the second figure on all. */
const SOME_MS = 200
const ALL_MS = 1000
/** Reading is cheap, and a phone that asks whether it has paid should hear it: refused at twice the age. */
const READS = 2
const EVERY_MS = 50

export interface Pressure {
  /** Milliseconds that work waits now: for the event loop, for libuv's pool (signing), for the database, or in all of them together, whichever is longest. */
  age_ms(): number
  /** Counts a request that waits its turn until it ends. */
  during: InHand['during']
  /** Whether this request is to be refused. */
  sheds(method: string): boolean
  /** Begins to measure; the returned function ends it. Until then nothing waits. */
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
      // A ramp, not a threshold: all or nothing would swing between idle and full.
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
        // Whatever goes through the pool waits behind the signatures that were asked for before it.
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

/** So many measurements count, half a second: one short turn of the loop does not mean that the queue is gone. */
const SAMPLES = 10

/** How late the latest of the last things came, or the newest already is. */
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
