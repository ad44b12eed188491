import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beijingTime, formatYuan, parseYuan } from '../src/index.ts'

test('every amount in fen survives a round trip through yuan', () => {
  fc.assert(fc.property(fc.integer({ min: -1e11, max: 1e11 }), (fen) => parseYuan(formatYuan(fen)) === fen))
})

test.each([
  [0, '0.00'],
  [1, '0.01'],
  [105, '1.05'],
  [-7, '-0.07'],
])('%i fen is %s yuan', (fen, yuan) => {
  expect(formatYuan(fen)).toBe(yuan)
})

test.each(['', '1.', '.5', '1.005', '1e3', '１', '1,000.00', ' 1', 'NaN'])('%j is not an amount', (text) => {
  expect(() => parseYuan(text)).toThrow(TypeError)
})

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is not a count of fen', (fen) => {
  expect(() => formatYuan(fen)).toThrow(TypeError)
})

test('times are written with Beijing’s offset', () => {
  expect(beijingTime(Date.parse('2026-11-24T17:00:00Z'))).toBe('2026-11-25T01:00:00+08:00')
})
