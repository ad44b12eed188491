// J3, D16: every secret is a canary; everything that can go wrong goes wrong, and no output contains a canary.

import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { FAULTS, type FaultName } from '@cashdesk/emulator'
import { expect, test } from 'vitest'
import { API_KEY, aWorld, HOUR } from '../support/world.ts'

test('neither logs, answers, errors nor the database show a secret', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-canary-'))
  const outputs: string[] = []
  const world = await aWorld({ databaseURL: `sqlite:${join(folder, 'canary.db')}` })
  const { settings } = world.emulator
  const hear = async (answer: Promise<Response>): Promise<void> => {
    const { status, headers, ...rest } = await answer
    outputs.push(`${status} ${inspect(headers)} ${inspect(rest)} ${await (await answer).text()}`)
  }

  // Every fault of WeChat, on the way to a payment.
  const tokens: string[] = []
  // These two faults end only as time passes; deadlines have tests of their own.
  const quick = (Object.keys(FAULTS) as FaultName[]).filter((fault) => fault !== 'answer.timeout' && fault !== 'answer.drip')
  for (const fault of quick) {
    world.emulator.faults.add({ fault, times: 2 })
    const order = await world.placeOrder()
    const phone = world.aPhone({ afterCashier: () => world.emulator.deliverDue() })
    outputs.push(inspect(await phone.cashdesk.pay(order), { depth: 9 }))
    world.emulator.faults.remove()
    tokens.push(await phone.cashdesk.login().catch(() => 'none'))
  }
  await world.clock.advance(3 * HOUR)
  await world.settle()

  // Every route, with and without the right key.
  for (const [method, path] of [
    ['POST', '/v1/orders'],
    ['GET', '/v1/orders?merchant=shop'],
    ['GET', '/v1/events?merchant=shop'],
    ['POST', '/client/v1/sessions'],
    ['GET', '/client/v1/orders/ORDER-1'],
    ['POST', '/wechat/shop/notify/payment'],
    ['GET', '/readyz'],
  ] as const) {
    const json = { appid: settings.appid, code: 'wrong' }
    await hear(world.fetch(path, { method, ...(method === 'POST' && { json }) }))
    await hear(
      world.fetch(path, { method, headers: { authorization: 'Bearer wrong-key-of-somebody' }, ...(method === 'POST' && { json }) }),
    )
  }

  // Errors of the SDK, printed in every way.
  const merchant = world.world.merchants.get('shop')
  const program = world.world.programs.get(settings.appid)
  for (const fail of [() => merchant?.query('NEVER-0001'), () => merchant?.place('{}'), () => program?.code2Session('wrong')]) {
    const error: unknown = await fail()?.catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Error)
    outputs.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error))
  }
  outputs.push(...world.logs.map((line) => JSON.stringify(line)))
  await world.close()

  const keysOf = (of: { api_v3_key: string; api_v2_key: string; merchant_key: string }) => [
    of.api_v3_key,
    of.api_v2_key,
    ...of.merchant_key.split('\n').slice(1, -2),
  ]
  const secrets = [
    API_KEY,
    settings.app_secret,
    settings.sp.sp_app_secret,
    ...keysOf(settings),
    ...keysOf(settings.sp),
    ...tokens.filter((token) => token !== 'none'),
  ]
  const text = outputs.join('\n')
  expect(text.length).toBeGreaterThan(10_000)
  for (const secret of secrets) expect(text).not.toContain(secret)

  // A copy of the database gives no access: it contains no token, no key and no session_key.
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
  rmSync(folder, { recursive: true })
  expect(tokens.filter((token) => token !== 'none').length).toBeGreaterThan(5)
  for (const secret of secrets) for (const file of files) expect(file.includes(secret)).toBe(false)

  // The logs identify no person.
  const people = settings.users.flatMap((user) => Object.values(user.openids))
  const logs = world.logs.map((line) => JSON.stringify(line)).join('\n')
  expect(world.logs.length).toBeGreaterThan(10)
  for (const openid of people) expect(logs).not.toContain(openid)
})

test('A2: a login removes expired sessions from the database', async () => {
  const world = await aWorld()
  const tokens = [await world.aPhone().cashdesk.login(), await world.aPhone().cashdesk.login()]
  /** The sessions in the database, expired ones included. */
  const kept = () =>
    world.world.store.transaction(async (tx) => {
      const found = []
      for (const token of tokens) if (await tx.sessions.find(createHash('sha256').update(token).digest('hex'), 0)) found.push(token)
      return found
    })
  expect(await kept()).toEqual(tokens)
  await world.clock.advance(31 * 24 * HOUR)
  expect(await kept()).toEqual(tokens)
  await world.aPhone().cashdesk.login()
  expect(await kept()).toEqual([])
  await world.close()
})
