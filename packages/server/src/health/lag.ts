// How late the event loop is: what is asked to happen in half a second, and when it does.

import type { Clock } from '@cashdesk/sdk'

export const LAG_MS_MAX = 1000
const EVERY_MS = 500
/** The last five seconds. */
const SAMPLES = 10

export interface Lag {
  /** The worst of the last five seconds. */
  ms(): number
  /** Begins to measure; the returned function ends it. */
  start(): () => void
}

export function createLag(clock: Clock): Lag {
  let samples: number[] = []
  return {
    ms: () => Math.max(0, ...samples),
    start() {
      let cancel = (): void => {}
      const measure = (): void => {
        const due = clock.now() + EVERY_MS
        cancel = clock.timer(EVERY_MS, () => {
          samples = [...samples, clock.now() - due].slice(-SAMPLES)
          measure()
        })
      }
      measure()
      return () => cancel()
    },
  }
}
