// Seeded random numbers: the same seed gives the same run, to the byte.

import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export interface Chance {
  /** An integer from 0 to `below` - 1. */
  int(below: number): number
  /** True with probability 1/n: `oneIn(4)` in a quarter of all cases. */
  oneIn(n: number): boolean
  pick<T>(items: readonly T[]): T
  bytes(count: number): Uint8Array
}

export function chanceOf(seed: number): Chance {
  const generator = xoroshiro128plus(seed)
  const int = (below: number): number => uniformInt(generator, 0, below - 1)
  return {
    int,
    oneIn: (n) => int(n) === 0,
    pick(items) {
      const item = items[int(items.length)]
      if (item === undefined) throw new TypeError('nothing to pick from')
      return item
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => int(256)),
  }
}
