// Every part of the platform that is registered is saved, restored and reset.

import { expect, test } from 'vitest'
import { KINDS } from '../src/platform/kept/journal.ts'
import { keepParts, type Parts } from '../src/platform/kept/registry.ts'
import { SETTINGS } from '../src/platform/kept/state.ts'
import { lifeGoesOn, moneyMoves } from './everything.ts'
import { aWorld, control } from './world.ts'

const NAMES = [...KINDS, ...SETTINGS].sort()
/** A person sets them, and they outlive a reset. */
const LASTING = ['offset_ms', 'behaviour']

const asKept = <T>(value: T): T => JSON.parse(JSON.stringify(value))

test('everything that is kept is saved, goes on in another emulator, and is forgotten by a reset', async () => {
  const world = await aWorld()
  const fresh = asKept(world.emulator.state())
  await moneyMoves(world)
  await lifeGoesOn(world)
  const saved = asKept(world.emulator.state())
  expect(Object.keys(saved).sort()).toEqual([...NAMES, 'version'].sort())
  // A new part needs a sentence in the story of test/everything.ts.
  for (const name of NAMES) expect(saved[name], name).not.toEqual(fresh[name])

  const second = await aWorld({ state: saved })
  expect(asKept(second.emulator.state())).toEqual(saved)

  await control(second, 'POST', '/reset')
  const kept = Object.fromEntries(LASTING.map((name) => [name, saved[name as 'offset_ms']]))
  expect(asKept(second.emulator.state())).toEqual({ ...fresh, ...kept })
})

test('a reset also ends what is not kept: faults, weather, requests, codes, tokens', async () => {
  const world = await aWorld()
  const { emulator } = world
  const { appid, users } = emulator.settings
  const { code } = emulator.login({ appid, openid: users[0]?.openid ?? '' })
  emulator.faults.add({ fault: 'answer.unsigned' })
  emulator.faults.setWeather({ seed: 1, rates: {} })
  await control(world, 'GET', '/orders')
  emulator.reset()
  expect(emulator.faults.list()).toEqual([])
  expect(emulator.faults.weather()).toBeUndefined()
  expect(emulator.requests()).toEqual([])
  const query = new URLSearchParams({ appid, secret: emulator.settings.app_secret, js_code: code, grant_type: 'authorization_code' })
  const answer = await emulator.fetch(new Request(`${emulator.settings.base_url}/sns/jscode2session?${query}`))
  expect(await answer.json()).toMatchObject({ errcode: 40029 })
})

test('the registry goes through all of its parts, in their order, and empties what is not kept', () => {
  const calls: string[] = []
  const part = (name: string) => ({
    save: () => `${name} saved`,
    restore: (value: unknown) => void calls.push(`restore ${name}: ${value}`),
    reset: () => void calls.push(`reset ${name}`),
  })
  // The registry looks at no value, so any will do.
  const registry = keepParts({ orders: part('orders'), wallets: part('wallets') } as unknown as Parts, [
    { reset: () => void calls.push('reset seen') },
  ])
  const state = registry.save()
  expect(state).toEqual({ version: 2, orders: 'orders saved', wallets: 'wallets saved' })
  registry.restore(state)
  registry.reset()
  expect(calls).toEqual([
    ...['restore orders: orders saved', 'restore wallets: wallets saved'],
    ...['reset orders', 'reset wallets', 'reset seen'],
  ])
})
