// A server with a restored backup learns from WeChat what the backup does not contain (G13).

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Found, repair } from '@cashdesk/server'
import { openStore } from '@cashdesk/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aDatabase } from '../support/database.ts'
import { aWorld, HOUR, MINUTE, type TestWorld } from '../support/world.ts'

const open: TestWorld[] = []
const theWorld = async (...args: Parameters<typeof aWorld>): Promise<TestWorld> => {
  const world = await aWorld(...args)
  open.push(world)
  return world
}
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-restored-'))
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((world) => world.close()))
  rmSync(folder, { recursive: true })
})

test('G13: an order that the backup has as created becomes paid by its notification, which names the payer', async () => {
  const restored = await theWorld()
  const lost = await theWorld({
    async notified(request, server) {
      const copy = request.clone()
      const { headers } = request
      const heard = await restored.fetch(new URL(request.url).pathname, {
        method: 'POST',
        headers: Object.fromEntries(headers),
        body: await copy.text(),
      })
      expect(heard.status).toBe(204)
      return server(request)
    },
  })
  const order = await lost.placeOrder({ out_trade_no: 'SINCE-0001' })
  await restored.placeOrder({ out_trade_no: 'SINCE-0001' })
  const phone = lost.aPhone()
  await phone.cashdesk.pay(order)
  await lost.clock.advance(1000)
  expect(await restored.order('SINCE-0001')).toMatchObject({ state: 'paid', payer: { openid: phone.openid }, late: false })
  expect(await restored.events('SINCE-0001')).toEqual(['order.paid'])
})

/** The present content of the database, as a backup. */
async function backup(world: TestWorld): Promise<string> {
  let text = ''
  await world.world.store.exportTo(async (part) => {
    text += part
  })
  return text
}

/** A server on that backup, with the WeChat of the lost server. */
async function restoredFrom(text: string, lost: TestWorld, seen: (path: string) => void = () => {}): Promise<TestWorld> {
  const databaseURL = await aDatabase(join(folder, `${open.length}.db`))
  const store = await openStore(databaseURL, { data_keys: 'not needed' })
  await store.importFrom(
    (async function* () {
      yield text
    })(),
  )
  await store.close()
  const world = await theWorld({
    databaseURL,
    network(request) {
      seen(new URL(request.url).pathname)
      return lost.emulator.fetch(request)
    },
  })
  await world.clock.advance(lost.clock.now() - world.clock.now())
  return world
}

/** Time advances while repair pauses, and stands still while it queries. */
async function repaired(world: TestWorld, options: { since?: number; merchant?: string; per_second?: number } = {}) {
  const found: Found[] = []
  const clock = {
    now: world.clock.now,
    timer(delay_ms: number, wake: () => void) {
      // Real time passes, too, so that a repair without pauses would go on querying.
      setTimeout(() => void world.clock.advance(delay_ms).then(wake), 30)
      return () => {}
    },
  }
  const result = await repair({ ...world.world, clock }, { per_second: 400, ...options, report: (one) => found.push(one) })
  return { ...result, found }
}

const place = (world: TestWorld) => {
  const { appid, users } = world.emulator.settings
  return world.placeOrder({ payer: { appid, openid: users[0]?.openid } })
}
const begin = async (world: TestWorld, out_trade_no: string): Promise<Record<string, string>> =>
  (await (await world.api(`/v1/orders/${out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })).json()) as Record<string, string>
const pays = (world: TestWorld, fields: Record<string, string>): void => {
  const { appid, users } = world.emulator.settings
  expect(world.emulator.cashier({ ...fields, appId: appid, openid: users[0]?.openid ?? '' })).toEqual({ errMsg: 'requestPayment:ok' })
}

test('G13: one repair finds 200 payments made after the backup; then everything is as WeChat says, and the audit is clean', async () => {
  const lost = await theWorld({ notified: async () => new Response(null, { status: 204 }) })
  const since = lost.clock.now()
  const begun: [string, Record<string, string>][] = []
  for (let n = 0; n < 120; n++) {
    const { out_trade_no } = await place(lost)
    begun.push([out_trade_no, await begin(lost, out_trade_no)])
  }
  const created: string[] = []
  for (let n = 0; n < 80; n++) created.push((await lost.placeOrder()).out_trade_no)
  const never = (await lost.placeOrder()).out_trade_no
  const text = await backup(lost)

  // The last hour of the lost machine.
  for (const [, fields] of begun) pays(lost, fields)
  for (const out_trade_no of created) {
    const { appid, users } = lost.emulator.settings
    const order = await lost.placeOrder({ out_trade_no })
    const session = await lost.fetch('/client/v1/sessions', {
      method: 'POST',
      json: { appid, code: lost.emulator.login({ appid, openid: users[0]?.openid ?? '' }).code },
    })
    const { token } = (await session.json()) as { token: string }
    const answer = await lost.fetch(`/client/v1/orders/${out_trade_no}/pay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      json: { client_secret: order.client_secret },
    })
    pays(lost, (await answer.json()) as Record<string, string>)
  }
  expect(lost.emulator.truth().ledger).toHaveLength(200)
  await lost.clock.advance(MINUTE)

  const restored = await restoredFrom(text, lost)
  const { found, ...counts } = await repaired(restored, { since })
  expect(counts).toEqual({ asked: 201, changed: 200, no_answer: 0, for_a_person: 0 })
  expect(found.filter(({ from }) => from === 'created')).toHaveLength(80)
  for (const entry of lost.emulator.truth().ledger) {
    if (entry.kind !== 'payment') continue
    const { out_trade_no, transaction_id, amount } = entry
    expect(await restored.order(out_trade_no)).toMatchObject({ state: 'paid', transaction_id, amount: { total: amount.total } })
  }
  expect((await restored.order(never)).state).toBe('created')
  expect(await restored.events('ORDER-1')).toEqual(['order.paid'])
  // A second repair changes nothing.
  expect(await repaired(restored, { since })).toMatchObject({ asked: 201, changed: 0 })
  // Without a start time only open orders and refunds are queried.
  expect(await repaired(restored)).toMatchObject({ asked: 1, changed: 0 })
})

test('repair finds the refunds of the backup done; a refund that it does not have becomes an incident', async () => {
  const lost = await theWorld({ notified: async () => new Response(null, { status: 204 }) })
  const paidOne = async (): Promise<string> => {
    const { out_trade_no } = await place(lost)
    pays(lost, await begin(lost, out_trade_no))
    expect((await lost.api(`/v1/orders/${out_trade_no}?merchant=shop&refresh=1`)).status).toBe(200)
    return out_trade_no
  }
  const refund = (out_trade_no: string, out_refund_no: string) =>
    lost.api(`/v1/orders/${out_trade_no}/refunds?merchant=shop`, { method: 'POST', json: { out_refund_no, amount: { refund: 100 } } })
  const [known, unknown] = [await paidOne(), await paidOne()]
  expect((await refund(known, 'R-KNOWN')).status).toBe(201)
  const text = await backup(lost)
  expect((await refund(unknown, 'R-UNKNOWN')).status).toBe(201)
  await lost.clock.advance(HOUR)

  const restored = await restoredFrom(text, lost)
  const { found, ...counts } = await repaired(restored, { since: 0 })
  expect(counts).toEqual({ asked: 3, changed: 1, no_answer: 0, for_a_person: 1 })
  expect(found).toContainEqual({
    merchant: 'shop',
    kind: 'refund',
    number: 'R-KNOWN',
    what: 'changed',
    from: 'processing',
    to: 'succeeded',
  })
  expect(found).toContainEqual({
    merchant: 'shop',
    kind: 'order',
    number: unknown,
    what: 'needs a person',
    from: 'paid',
    to: 'refunded at WeChat',
  })
  expect((await restored.world.store.vitals(restored.clock.now())).incidents).toEqual([{ kind: 'orphan_refund', count: 1 }])
})

test('repair keeps to its rate, and reports the calls that WeChat did not answer', async () => {
  const lost = await theWorld()
  for (let n = 0; n < 40; n++) await begin(lost, (await place(lost)).out_trade_no)
  const at: number[] = []
  const restored: TestWorld = await restoredFrom(await backup(lost), lost, () => void at.push(restored.clock.now()))
  expect(await repaired(restored, { per_second: 20 })).toMatchObject({ asked: 40, changed: 0, no_answer: 0 })
  const first = at[0] ?? 0
  for (let second = 0; second < 3; second++)
    expect(at.filter((time) => time >= first + second * 1000 && time < first + (second + 1) * 1000).length).toBeLessThanOrEqual(20)
  expect((at.at(-1) ?? 0) - first).toBeGreaterThanOrEqual(1500)

  lost.emulator.faults.add({ fault: 'request.lost', times: 3 })
  const { found, no_answer } = await repaired(restored)
  expect(no_answer).toBe(3)
  expect(found.every(({ what, from, to }) => what === 'no answer' && from === to)).toBe(true)
  await expect(repair(restored.world, { merchant: 'nobody', per_second: 1, report: () => {} })).rejects.toThrow(
    'no merchant is called nobody',
  )
})
