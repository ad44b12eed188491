// The set of fingerprints: a doubled number is found wherever it stands, and a million different ones are all different.

import { expect, test } from 'vitest'
import { Fingerprints } from '../../src/bill/fingerprints.ts'

function adder(): (text: string) => boolean {
  const set = new Fingerprints()
  const memory = Buffer.alloc(64)
  return (text) => {
    set.begin()
    set.mix(memory, 0, memory.write(text, 'latin1'))
    return set.add()
  }
}

test('a million numbers as WeChat counts them are different, and each is known again', () => {
  const add = adder()
  const number = (i: number): string => `42000026${String(i).padStart(8, '0')}2026112300000000`
  for (let i = 0; i < 1_000_000; i++) if (!add(number(i))) throw new Error(`taken for another: ${number(i)}`)
  for (let i = 0; i < 1_000_000; i += 997) expect(add(number(i))).toBe(false)
})

test('numbers that differ in one place, or in length, are different', () => {
  const add = adder()
  const base = '4200002620261123000000000001'
  expect(add(base)).toBe(true)
  for (let at = 0; at < base.length; at++) expect(add(`${base.slice(0, at)}x${base.slice(at + 1)}`)).toBe(true)
  for (let size = 0; size < base.length; size++) expect(add(base.slice(0, size))).toBe(true)
})

test('where one part ends counts: 12 and 3 are not 1 and 23', () => {
  const set = new Fingerprints()
  const parts = (...texts: string[]): boolean => {
    set.begin()
    for (const text of texts) set.mix(Buffer.from(text), 0, text.length)
    return set.add()
  }
  expect([parts('12', '3'), parts('1', '23'), parts('123'), parts('', '123'), parts('12', '3')]).toEqual([true, true, true, true, false])
})
