// Random bytes come from a pool; no byte of it is ever handed out twice.

import { expect, test } from 'vitest'
import { systemRandom } from '../src/index.ts'

test('thousands of nonces, none like another, none changed by a later one', () => {
  const drawn = Array.from({ length: 5000 }, () => systemRandom(16))
  const before = drawn.map((bytes) => Buffer.from(bytes).toString('hex'))
  expect(new Set(before).size).toBe(5000)
  for (let i = 0; i < 1000; i++) systemRandom(16)
  expect(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(before)
  expect(drawn.every(({ byteLength }) => byteLength === 16)).toBe(true)
})

test.each([0, 1, 4095, 4096, 4097, 100_000])('%i bytes are that many', (bytes) => {
  expect(systemRandom(bytes).byteLength).toBe(bytes)
})
