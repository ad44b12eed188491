// Three servers on one PostgreSQL (J2) share the limits, and the share of a server that stops or dies goes to the others.

import { createPresence, type Presence } from '@cashdesk/server'
import { openStore } from '@cashdesk/store'
import { afterEach, expect, test } from 'vitest'
import { aDatabase } from '../support/database.ts'
import { API_KEY, aWorld, type TestWorld } from '../support/world.ts'

const servers: TestWorld[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const LIMIT = { per_second: 30, burst: 30 }

async function threeServers(): Promise<Presence[]> {
  const databaseURL = await aDatabase()
  await (await openStore(databaseURL)).close()
  for (let n = 0; n < 3; n++) {
    servers.push(await aWorld({ databaseURL, configure: (config) => ({ ...config, limits: { api_key: LIMIT, wechat: LIMIT } }) }))
  }
  return servers.map(({ world }) => createPresence(world))
}

/** Sends that many calls of one key to the servers in turn; returns how many were accepted. */
async function letThrough(calls: number, among: readonly TestWorld[]): Promise<number> {
  const headers = { authorization: `Bearer ${API_KEY}` }
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, n) => (among[n % among.length] as TestWorld).fetch('/v1/orders?merchant=shop', { headers })),
  )
  expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true)
  return answers.filter(({ status }) => status === 200).length
}

async function aSecondLater(): Promise<void> {
  for (const { clock } of servers) await clock.advance(1000)
}

test('three servers together let through as much as one would', async () => {
  const presences = await threeServers()
  for (let beat = 0; beat < 2; beat++) for (const presence of presences) await presence.round()
  expect(servers.map(({ world }) => world.replicas.count)).toEqual([3, 3, 3])
  expect(await letThrough(120, servers)).toBe(30)
  await aSecondLater()
  expect(await letThrough(120, servers)).toBe(30)
})

test('a server that stops gives up its share at once, one that dies after half a minute', async () => {
  const [first, second, third] = (await threeServers()) as [Presence, Presence, Presence]
  for (let beat = 0; beat < 2; beat++) for (const presence of [first, second, third]) await presence.round()
  await third.leave()
  for (const presence of [first, second]) await presence.round()
  expect(servers.slice(0, 2).map(({ world }) => world.replicas.count)).toEqual([2, 2])
  expect(await letThrough(120, servers.slice(0, 2))).toBe(30)

  // The second server dies without deregistering.
  await servers[0]?.clock.advance(29_000)
  await first.round()
  expect(servers[0]?.world.replicas.count).toBe(2)
  await servers[0]?.clock.advance(2000)
  await first.round()
  expect(servers[0]?.world.replicas.count).toBe(1)
  expect(await letThrough(120, servers.slice(0, 1))).toBe(30)
})

test('the budget of calls to WeChat is shared in the same way', async () => {
  const presences = await threeServers()
  for (let beat = 0; beat < 2; beat++) for (const presence of presences) await presence.round()
  const { appid, users } = servers[0]?.emulator.settings ?? { appid: '', users: [] }
  const payer = { appid, openid: users[0]?.openid }
  const statuses = await Promise.all(
    Array.from({ length: 30 }, async (_, n) => {
      const json = { merchant: 'shop', out_trade_no: `BUDGET-${n}`, description: '拿铁', amount: { total: 1 }, payer, pay: true }
      // Each server has its own WeChat here; what matters is the number of calls that all of them make.
      return (await (servers[n % 3] as TestWorld).api('/v1/orders', { method: 'POST', json })).status
    }),
  )
  const asked = servers.flatMap(({ emulator }) =>
    emulator.requests().filter(({ target }) => target === '/v3/pay/transactions/jsapi'),
  ).length
  // A quarter of the budget is reserved for settling.
  expect(asked).toBeLessThanOrEqual(24)
  expect(statuses.filter((status) => status === 201)).toHaveLength(asked)
  expect(statuses.every((status) => status === 201 || status === 503)).toBe(true)
})
