// The circuit breaker that WeChat and webhook endpoints share (J2, H4).

import { expect, test } from 'vitest'
import { type BreakerRule, createBreaker } from '../../packages/server/src/breaker.ts'

const RULE: BreakerRule = { failures_max: 3, first_rest_ms: 1000, longest_rest_ms: 4000, probe_ms: 500 }
const NOW = 1_000_000

function anOpenBreaker() {
  const breaker = createBreaker(RULE)
  for (let n = 0; n < 3; n++) breaker.ended(false, NOW)
  return breaker
}

test('H4: the breaker opens after consecutive failures, and an answer resets the count', () => {
  const breaker = createBreaker(RULE)
  for (const heard of [false, false, true, false, false]) breaker.ended(heard, NOW)
  expect(breaker.state(NOW)).toBe('closed')
  breaker.ended(false, NOW)
  expect([breaker.state(NOW), breaker.state(NOW + 999), breaker.state(NOW + 1000)]).toEqual(['open', 'open', 'half open'])
})

test('H4: after the pause one call is tried; its failure doubles the pause, up to a maximum, and its answer closes the breaker', () => {
  const breaker = anOpenBreaker()
  let now = NOW
  for (const rest of [1000, 2000, 4000, 4000]) {
    expect(breaker.rest_until()).toBe(now + rest)
    now += rest
    breaker.probe(now)
    expect(breaker.state(now)).toBe('open')
    breaker.ended(false, now)
  }
  breaker.probe(now + 4000)
  breaker.ended(true, now + 4000)
  expect(breaker.state(now + 4000)).toBe('closed')
})

test('H4: calls in progress when the breaker opened do not lengthen the pause', () => {
  const breaker = anOpenBreaker()
  for (let n = 0; n < 50; n++) breaker.ended(false, NOW + 900)
  expect(breaker.rest_until()).toBe(NOW + 1000)
})

test('H4: when the tried call is lost another one is tried', () => {
  const breaker = anOpenBreaker()
  breaker.probe(NOW + 1000)
  expect([breaker.state(NOW + 1499), breaker.state(NOW + 1500)]).toEqual(['open', 'half open'])
})

test('J2: a clock that steps back does not lengthen the pause', () => {
  expect(anOpenBreaker().state(NOW - 60_000)).toBe('half open')
})
