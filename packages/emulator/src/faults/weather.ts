// Seeded weather: faults that strike by chance. Each fault has its own rate; the same seed over the same requests gives the same faults.

import type { FaultName } from './catalogue.ts'
import type { ArmedFault } from './fault.ts'

export interface Weather {
  seed: number
  /** The probability of each fault, 0 to 1, each time that it could strike. */
  rates: Partial<Record<FaultName, number>>
}

export function createWeather(weather: Weather): { weather: Weather; strike(names: readonly FaultName[]): ArmedFault | undefined } {
  const chance = seeded(weather.seed)
  return {
    weather,
    strike(names) {
      for (const fault of names) {
        const rate = weather.rates[fault]
        // A fault without a rate takes no random number, so that new kinds of fault leave existing seeds unchanged.
        if (rate !== undefined && chance() < rate) return { fault, id: 0, remaining: 0 }
      }
      return undefined
    },
  }
}

/** The mulberry32 generator: small and fast. It is not cryptographic, which faults by chance do not need. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
