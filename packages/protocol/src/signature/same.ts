// Comparing signatures in time that does not depend on where they differ.

import { timingSafeEqual } from 'node:crypto'

/** Whether two texts are the same. Only their lengths can be learnt by timing, and those are public. */
export function sameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected, 'utf8'), Buffer.from(given, 'utf8')]
  return a.length === b.length && timingSafeEqual(a, b)
}
