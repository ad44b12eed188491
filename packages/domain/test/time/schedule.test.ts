import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextCheck, ORDER_PAUSE_MAX_MS } from '../../src/index.ts'

const MINUTE = 60_000

test('checks follow at 15 s, 45 s, 1 min 45 s, …, then every half hour', () => {
  const looks: number[] = []
  let now = 0
  while (looks.length < 9) {
    now = nextCheck(0, 1e12, now)
    looks.push(now / 1000)
  }
  expect(looks.slice(0, 7)).toEqual([15, 45, 105, 225, 525, 1125, 2925])
  expect((looks[8] ?? 0) - (looks[7] ?? 0)).toBe(1800)
})

test('a check is always planned at the expiry', () => {
  expect(nextCheck(0, 20_000, 15_000)).toBe(20_000)
})

test('C1: a payment within 10 minutes of the order is found in at most 5 minutes, a later one in at most 30', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 7 * 24 * 60 * MINUTE }),
      fc.integer({ min: MINUTE, max: 7 * 24 * 60 * MINUTE }),
      (now, expires) => {
        const next = nextCheck(0, expires, now)
        return next > now && next - now <= (now < 5 * MINUTE ? 5 : 30) * MINUTE
      },
    ),
  )
})

test('G1: no check is planned further ahead than the longest pause, whatever clock the order was placed by', () => {
  const DAY = 86_400_000
  const now = 100 * DAY
  const moment = fc.integer({ min: 0, max: 200 * DAY })
  fc.assert(
    fc.property(moment, moment, (placed_at, expires_at) => {
      const at = nextCheck(placed_at, expires_at, now)
      expect(at).toBeGreaterThan(now)
      expect(at).toBeLessThanOrEqual(now + ORDER_PAUSE_MAX_MS)
    }),
  )
})
