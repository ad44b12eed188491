// A virtual clock goes only where it is told, timer by timer.

import { expect, test } from 'vitest'
import { virtualClock } from '../../src/index.ts'

test('timers wake in order of time, at their own moment, and are waited for', async () => {
  const clock = virtualClock(1000)
  const seen: string[] = []
  clock.timer(20, () => void seen.push(`b ${clock.now()}`))
  clock.timer(10, async () => {
    seen.push(`a ${clock.now()}`)
    await Promise.resolve()
    clock.timer(5, () => void seen.push(`c ${clock.now()}`))
  })
  await clock.advance(20)
  expect(seen).toEqual(['a 1010', 'c 1015', 'b 1020'])
  expect(clock.now()).toBe(1020)
})

test('a timer called off does not wake, and time does not go back', async () => {
  const clock = virtualClock(0)
  const cancel = clock.timer(10, () => {
    throw new Error('woken')
  })
  cancel()
  await clock.advance(10)
  await expect(clock.advance(-1)).rejects.toThrow(TypeError)
})
