// A11: values that WeChat signed, read one by one.

import { expect, test } from 'vitest'
import { fenOf, nameOf, shown, storableText } from '../../src/index.ts'

test('an amount is a whole number of fen that is not negative and not text', () => {
  expect([0, 1, 2800].map(fenOf)).toEqual([0, 1, 2800])
  expect([-1, 0.5, '1', Number.NaN, 1e300, null, undefined, {}].map(fenOf)).toEqual(Array(8).fill(null))
})

test('a name has 1 to 64 visible characters; a text is storable if both databases return it unchanged', () => {
  expect(['4200', 'x'.repeat(64)].map(nameOf)).toEqual(['4200', 'x'.repeat(64)])
  expect(['', 'a b', 'x'.repeat(65), '拿', '\u0000', 1, null].map(nameOf)).toEqual(Array(7).fill(null))
  expect(storableText('支付用户零钱', 10)).toBe('支付用户零钱')
  expect(['', 'x'.repeat(11), 'a\u0000', '\ud800', 5].map((text) => storableText(text, 10))).toEqual(Array(5).fill(null))
})

test('text that is shown to people is short and harmless in a terminal', () => {
  expect(shown('\u001b[2J')).not.toContain('\u001b')
  expect(shown('x'.repeat(500)).length).toBeLessThanOrEqual(80)
  expect([shown(undefined), shown({ a: 1 }), shown(7)]).toEqual(['undefined', '{"a":1}', '7'])
})
