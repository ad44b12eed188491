// Compares signatures in a time that does not depend on where they differ.

import { timingSafeEqual } from 'node:crypto'

/** Whether two texts are equal. Timing can reveal only their lengths, which are public. */
export function sameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected, 'utf8'), Buffer.from(given, 'utf8')]
  return a.length === b.length && timingSafeEqual(a, b)
}
