// The emulator's clock over a machine's clock that does not stand still; and how it gets to the morning of a bill (bills §1).

import { expect, test } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { aWorld, control, HOURS, MINUTES, pay, SECONDS, START } from '../world.ts'

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

test('B12: an advance waits for the delivery that is under way, and delivers its retries on the way', async () => {
  const world = await aWorld()
  let answer: (response: Response) => void = () => undefined
  let count = 0
  world.endpoint.answer = () => {
    count += 1
    return count === 1 ? new Promise((resolve) => (answer = resolve)) : new Response(null, { status: 204 })
  }
  await pay(world)
  const underWay = world.emulator.deliverDue()
  await expect.poll(() => count).toBe(1)
  const moved = world.emulator.clock.advance(MINUTES)
  answer(new Response(null, { status: 500 }))
  await moved
  await underWay
  expect(world.emulator.notifications()).toMatchObject([
    { state: 'delivered', deliveries: [{ status: 500 }, { status: 204, time: '2026-11-24T10:00:15+08:00' }] },
  ])
})

test('B12: the clock goes to the morning on which the bill of the day can be had', async () => {
  const world = await aWorld()
  await pay(world)
  const { body } = await control(world, 'POST', '/clock', { to: 'bill' })
  expect(body).toMatchObject({ time: '2026-11-25T10:00:00+08:00' })
  world.clock.advance(world.emulator.clock.offset_ms())
  await world.emulator.clock.set(Date.UTC(2026, 10, 25, 2))
  expect(await world.shop.call('GET', '/v3/bill/tradebill?bill_date=2026-11-24')).toMatchObject({ status: 200 })
  // At nine in the evening the bill of the same day is still that of the next morning.
  await world.emulator.clock.set(Date.UTC(2026, 10, 25, 13))
  expect((await control(world, 'POST', '/clock', { to: 'bill' })).body).toMatchObject({ time: '2026-11-26T10:00:00+08:00' })
  expect(await control(world, 'POST', '/clock', { to: 'moon' })).toMatchObject({ status: 400 })
  expect(await control(world, 'POST', '/clock', { to: 'bill', advance_ms: 24 * HOURS + SECONDS })).toMatchObject({ status: 400 })
})
