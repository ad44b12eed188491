// The emulator's clock over a machine's clock that does not stand still.

import { expect, test } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { START } from '../world.ts'

test('it goes on by exactly what it was told, although time passes meanwhile', async () => {
  let ticks = START
  // Every look at it takes a millisecond.
  const machine = { now: () => ticks++, timer: () => () => undefined }
  const { clock } = await createEmulator({ clock: machine })
  await clock.advance(60_000)
  expect(clock.offset_ms()).toBe(60_000)
  await clock.advance(1)
  expect(clock.offset_ms()).toBe(60_001)
})
