// What an answer of a receiver means, and when the event is sent again.

import { expect, test } from 'vitest'
import { afterDelivery, DELIVERY_PAUSES_MS } from '../../src/index.ts'

const NOW = 1_795_514_400_000
const DAY_MS = 24 * 3_600_000

test('H3: a receiver may delay its event by Retry-After, for a day at most', () => {
  const next = (retry_after_s: number) => afterDelivery(1, { status: 503, retry_after_s }, NOW).next_attempt_at
  expect([next(60), next(999_999)]).toEqual([NOW + 60_000, NOW + DAY_MS])
  expect(next(0)).toBe(NOW + (DELIVERY_PAUSES_MS[0] ?? 0))
})
