// What a server does by schedule: rounds can be requested and stopped, and one merchant does not delay the others.

import { type Config, startLoop } from '@cashdesk/server'
import { afterEach, expect, test } from 'vitest'
import { aWorld, HOUR, type TestWorld } from '../support/world.ts'

let world: TestWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** A loop whose rounds last until they are released. */
async function aLoop() {
  world = await aWorld()
  const { clock } = world
  let rounds = 0
  let ended = Promise.withResolvers<void>()
  const loop = startLoop(world.world, 'test', { idle: 1000 }, async () => {
    rounds++
    await ended.promise
    return 0
  })
  /** Ends the current round and gives the next one time to begin; no virtual time passes. */
  const release = async (): Promise<void> => {
    ended.resolve()
    ended = Promise.withResolvers<void>()
    await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(0)
  }
  return { loop, clock, release, rounds: () => rounds }
}

test('work that arrives during a round is done right after it, without a pause', async () => {
  const { loop, clock, release, rounds } = await aLoop()
  loop.wake()
  await release()
  expect(rounds()).toBe(2)
  await release()
  expect(rounds()).toBe(2)
  await clock.advance(1000)
  expect(rounds()).toBe(3)
  const stopped = loop.stop()
  await release()
  await stopped
})

test('a stopped loop finishes its current round and starts no other', async () => {
  const { loop, clock, release, rounds } = await aLoop()
  let hasStopped = false
  const stopped = loop.stop().then(() => {
    hasStopped = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(hasStopped).toBe(false)
  await release()
  await stopped
  await clock.advance(10_000)
  expect(rounds()).toBe(1)
})

test('a merchant removed from the configuration delays nobody, and its orders wait until it is back', async () => {
  let given: Config | undefined
  world = await aWorld({
    configure(config) {
      given = config
      return config
    },
  })
  if (!given) throw new Error('no configuration')
  const order = await world.placeOrder()
  await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
  const state = async () => (await (world as TestWorld).world.store.transaction((tx) => tx.orders.find('shop', order.out_trade_no)))?.state
  world.world.reconfigure({ ...given, merchants: given.merchants.filter(({ id }) => id !== 'shop') })
  await world.clock.advance(3 * HOUR)
  expect(await world.settle()).toBe(1)
  expect(await state()).toBe('pending')
  world.world.reconfigure(given)
  await world.clock.advance(3 * HOUR)
  for (let round = 0; round < 3; round++) await world.settle()
  expect(await state()).toBe('closed')
})
