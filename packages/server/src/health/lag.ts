// Measures how late the event loop is: by how much a timer of half a second is delayed.

import type { Clock } from '@cashdesk/sdk'

export const LAG_MS_MAX = 1000
const EVERY_MS = 500
/** Samples of the last five seconds. */
const SAMPLES = 10

export interface Lag {
  /** The longest delay of the last five seconds. */
  ms(): number
  /** Starts measuring; the returned function stops it. */
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
