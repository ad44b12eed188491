// The morning after: WeChat's bills are fetched, compared with the ledger, explained where a signed answer can, and the statement closes.

import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { reconcileDue } from '@cashdesk/server'
import { afterEach, expect, test } from 'vitest'
import { aPayment, tradeBill } from '../books/a-day.ts'
import { aWorld, HOUR, type TestWorld, type WorldOptions } from '../support/world.ts'

/** The day of NOW, 10:00 Beijing. */
const DAY = '2026-11-24'

const ANNA = 'cd_test_anna_0123456789abcdef0123'
const BEN = 'cd_test_ben_0123456789abcdef01234'

let open: TestWorld | undefined
const theWorld = async (options?: WorldOptions): Promise<TestWorld> => {
  const configure: WorldOptions['configure'] = (config) => ({
    ...config,
    api_keys: [...config.api_keys, ...[ANNA, BEN].map((key) => ({ key, merchants: ['shop'], scopes: ['admin' as const] }))],
  })
  open = await aWorld({ configure, ...options })
  return open
}
afterEach(() => open?.close())

async function paid(world: TestWorld, out_trade_no: string, total = 2800, tell = true): Promise<void> {
  const { appid, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  const json = { merchant: 'shop', out_trade_no, description: '拿铁', amount: { total }, payer: { appid, openid }, pay: true }
  const answer = await world.api('/v1/orders', { method: 'POST', json })
  const { payment } = (await answer.json()) as { payment: Record<string, string> }
  world.emulator.cashier({ ...payment, appId: appid, openid } as never)
  if (tell) await world.emulator.deliverDue()
}

/** 10:30 Beijing of the next day, and every round that is due then. */
async function morning(world: TestWorld): Promise<void> {
  await world.clock.advance(24.5 * HOUR)
  for (let round = 0; round < 5; round++) await reconcileDue(world.world)
}

interface Day {
  state: string
  files: Record<string, { state: string; lines?: number }>
  statement: Record<string, number> | null
  differences: { unsettled: number; settled: number; at_risk: number }
}
const day = async (world: TestWorld, date = DAY): Promise<Day> =>
  (await world.api(`/v1/reconciliations/${date}?merchant=shop`)).json() as Promise<Day>

interface Difference {
  id: string
  class: string
  subject: string
  amount: number
  state: string
  evidence: string | null
}
const differences = async (world: TestWorld): Promise<Difference[]> => {
  const { data } = (await (await world.api('/v1/differences?merchant=shop&limit=100')).json()) as { data: Difference[] }
  return data
}

const incidents = async (world: TestWorld, state: string): Promise<unknown[]> =>
  ((await (await world.api(`/v1/incidents?merchant=shop&state=${state}`)).json()) as { data: unknown[] }).data
const settle = (world: TestWorld, key: string, id: string | undefined, json: object): Promise<Response> =>
  world.fetch(`/v1/differences/${id}?merchant=shop`, { method: 'POST', json, headers: { authorization: `Bearer ${key}` } })

test('a day of payments and refunds is clean, and the statement closes on WeChat’s balance', async () => {
  const world = await theWorld()
  for (let n = 1; n <= 5; n++) await paid(world, `MORNING-${n}`, 1000 * n)
  const json = { out_refund_no: 'BACK-1', amount: { refund: 700 } }
  await world.api('/v1/orders/MORNING-1/refunds?merchant=shop', { method: 'POST', json })
  await world.clock.advance(HOUR)
  await world.emulator.deliverDue()
  await morning(world)
  expect(await differences(world)).toEqual([])
  const found = await day(world)
  expect(found).toMatchObject({ state: 'clean', files: { trade: { state: 'loaded' }, fund_flow: { state: 'loaded' } } })
  const { opening = 0, receipts = 0, fees = 0, refunds = 0, closing } = found.statement ?? {}
  expect(receipts).toBe(15_000)
  expect(refunds).toBeGreaterThan(0)
  expect(opening + receipts - fees - refunds).toBe(closing)
})

test('a payment whose notification never came is found by the bill, queried, and explained as late', async () => {
  const world = await theWorld({ notified: async () => new Response(null, { status: 204 }) })
  await paid(world, 'UNHEARD-1')
  expect(await world.order('UNHEARD-1')).toMatchObject({ state: 'pending' })
  await morning(world)
  expect(await world.order('UNHEARD-1')).toMatchObject({ state: 'paid' })
  expect(await differences(world)).toMatchObject([
    { class: 'paid_there_not_here', subject: 'UNHEARD-1', amount: 2800, state: 'explained', evidence: expect.stringMatching(/^late: /) },
  ])
  expect(await day(world)).toMatchObject({ state: 'explained' })
})

test('an order of another system on the same merchant number: a person says so once, and its prefix is known from then on', async () => {
  const world = await theWorld()
  const { appid, users } = world.emulator.settings
  const foreign = async (out_trade_no: string): Promise<void> => {
    const [merchant] = world.world.merchants.values()
    const order = {
      appid,
      description: 'x',
      out_trade_no,
      notify_url: 'https://other.example.com/n',
      amount: { total: 500 },
      payer: { openid: users[0]?.openid ?? '' },
    }
    const { prepay_id } = (await merchant?.wechatpay.transactions.jsapi(order)) ?? { prepay_id: '' }
    const fields = await merchant?.wechatpay.requestPayment({ appid, prepay_id })
    world.emulator.cashier({ ...fields, appId: appid, openid: users[0]?.openid ?? '' } as never)
  }
  await paid(world, 'OURS-1')
  await foreign('ERP-1001')
  await morning(world)
  const [found] = await differences(world)
  expect(found).toMatchObject({ class: 'unknown_here', subject: 'ERP-1001', amount: 500, state: 'open' })
  expect(await day(world)).toMatchObject({ state: 'open', differences: { unsettled: 1, at_risk: 500 } })
  expect(await incidents(world, 'open')).toMatchObject([{ kind: 'books_differ', subject: DAY }])
  const act = { act: 'resolve', reason: 'foreign_system', note: 'the ERP', prefix: 'ERP-' }
  expect((await settle(world, ANNA, found?.id, act)).status).toBe(200)
  expect(await day(world)).toMatchObject({ state: 'explained', differences: { unsettled: 0, settled: 1 } })
  expect(await incidents(world, 'resolved')).toMatchObject([{ kind: 'books_differ', subject: DAY, resolved_by: 'server' }])
  await foreign('ERP-1002')
  await paid(world, 'OURS-2')
  await morning(world)
  expect((await differences(world))[0]).toMatchObject({
    subject: 'ERP-1002',
    state: 'explained',
    evidence: expect.stringContaining('ERP-'),
  })
})

test('a write-off above ¥100 needs two people, and new evidence reopens what was settled', async () => {
  const world = await theWorld()
  await paid(world, 'OURS-1')
  await morning(world)
  // A bill that lacks the payment, as a person might import the one of another day.
  const of = { mchid: world.emulator.settings.mchid, date: DAY, run: 99 }
  const missing = { class: 'missing_there' as const, subject: 'OURS-1', merchant: 'shop', amount: -28_000, detail: {} }
  const { id } = await world.world.store.transaction((tx) => tx.books.note(of, missing, world.clock.now()))
  const act = { act: 'accept', note: 'lost at WeChat' }
  expect((await settle(world, ANNA, id, act)).status).toBe(202)
  expect((await settle(world, ANNA, id, act)).status).toBe(202)
  const done = await settle(world, BEN, id, act)
  expect([done.status, ((await done.json()) as { state: string }).state]).toEqual([200, 'accepted'])
  expect((await settle(world, BEN, id, act)).status).toBe(409)
  const history = await world.world.store.transaction((tx) => tx.books.differenceHistory(id))
  expect(history.map(({ to_state }) => to_state)).toEqual(['open', 'assigned', 'assigned', 'accepted'])
  expect(new Set(history.map(({ actor }) => actor)).size).toBe(3)
  const again = await world.world.store.transaction((tx) => tx.books.note(of, { ...missing, amount: -30_000 }, world.clock.now()))
  expect(again.state).toBe('open')
})

test('a file that a person brings is taken whole, plain or gzip, or refused whole with line and column; a corrected one reopens what it changes', async () => {
  const world = await theWorld()
  const { mchid, appid } = world.emulator.settings
  const at = Date.parse('2026-11-20T12:00:00+08:00')
  const line = aPayment({ at, appid, mchid, transaction_id: '4200000001', out_trade_no: 'NOT-OURS-1', total: 5000, fee: 30 })
  const bring = async (file: Uint8Array<ArrayBuffer>, date = '2026-11-20'): Promise<Response> =>
    world.fetch(`/v1/reconciliations/${date}/bills?merchant=shop`, {
      method: 'POST',
      body: file,
      headers: { authorization: `Bearer ${ANNA}` },
    })
  const text = tradeBill([line])
  const refused = await bring(Buffer.from(text.slice(0, -40)))
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({
    code: 'bill_refused',
    errors: [{ field: 'trade', message: expect.stringContaining('"line":') }],
  })
  // A bill of another day, and a day that is not over.
  expect((await bring(Buffer.from(text), '2026-11-19')).status).toBe(422)
  expect((await bring(Buffer.from(text), DAY)).status).toBe(409)
  expect(await differences(world)).toEqual([])
  expect((await bring(new Uint8Array(gzipSync(text)))).status).toBe(200)
  const [found] = await differences(world)
  expect(found).toMatchObject({ class: 'unknown_here', subject: 'NOT-OURS-1', amount: 5000, state: 'open' })
  await settle(world, ANNA, found?.id, { act: 'resolve', reason: 'other', note: 'known' })
  expect((await bring(Buffer.from(text))).status).toBe(200)
  expect(await differences(world)).toMatchObject([{ state: 'resolved' }])
  const corrected = tradeBill([{ ...line, total: 6000, fee: 36 }])
  expect((await bring(Buffer.from(corrected))).status).toBe(200)
  expect(await differences(world)).toMatchObject([{ subject: 'NOT-OURS-1', amount: 6000, state: 'open' }])
})

test('a provider: the bill of its number holds the sub-merchant’s orders, whose money moves in the sub-merchant’s account', async () => {
  const world = await theWorld()
  const { sp, users } = world.emulator.settings
  const openid = users[0]?.openids[sp.sub_appid] ?? ''
  const order = {
    merchant: 'mall',
    out_trade_no: 'MALL-0001',
    description: '茶',
    amount: { total: 3000 },
    payer: { appid: sp.sub_appid, openid },
    pay: true,
  }
  const { payment } = (await (await world.api('/v1/orders', { method: 'POST', json: order })).json()) as { payment: Record<string, string> }
  world.emulator.cashier({ ...payment, appId: sp.sub_appid, openid } as never)
  await world.emulator.deliverDue()
  await morning(world)
  const found = (await (await world.api(`/v1/reconciliations/${DAY}?merchant=mall`)).json()) as Day & { mchid: string }
  expect(found).toMatchObject({ mchid: sp.sp_mchid, state: 'clean', files: { trade: { state: 'loaded' } }, differences: { unsettled: 0 } })
  // A movement of the provider's own does not make its sub-merchants' payments odd.
  const line = {
    line: 2,
    at: 0,
    business_id: 'W-1',
    flow_id: 'F-1',
    business_name: '提现',
    business_type: '提现',
    direction: 'out' as const,
    amount: 1,
    balance: 0,
  }
  const odd = await world.world.store.transaction(async (tx) => {
    const of = { mchid: sp.sp_mchid, date: DAY, kind: 'fund_flow' as const, source: 'import' as const }
    const file = await tx.books.begin(of, 0)
    await tx.books.appendFunds(file, [line])
    await tx.books.finish(file, { sha1: '', lines: 2, bytes: 1, summary: '{"findings":[]}' })
    const trade = await tx.books.currentFile(sp.sp_mchid, DAY, 'trade')
    return tx.books.oddFunds(trade?.id ?? 0, { from: 1, to: 100 })
  })
  expect(odd).toEqual([])
})

test('with one of the two bills there, the other is still fetched, and nothing is called missing from a bill that is not there', async () => {
  const world = await theWorld()
  await paid(world, 'OURS-1')
  await world.clock.advance(24.5 * HOUR)
  // WeChat's own fund-flow bill of the day, brought by a person before the server fetched anything.
  const bills = world.world.merchants.get('shop')?.wechatpay.bills
  const funds = await bills?.download(await bills.applyFundFlow({ bill_date: DAY }))
  const bring = (kind: string, file: Uint8Array): Promise<Response> =>
    world.fetch(`/v1/reconciliations/${DAY}/bills?merchant=shop&kind=${kind}`, {
      method: 'POST',
      body: new Uint8Array(file),
      headers: { authorization: `Bearer ${ANNA}` },
    })
  const half = (await (await bring('fund_flow', funds ?? Buffer.alloc(0))).json()) as Day & { next_check_at: string | null }
  expect(half).toMatchObject({ state: 'waiting', next_check_at: expect.any(String), differences: { unsettled: 0 } })
  expect(await differences(world)).toEqual([])
  for (let round = 0; round < 5; round++) await reconcileDue(world.world)
  expect(await day(world)).toMatchObject({ state: 'clean', files: { trade: { state: 'loaded' }, fund_flow: { state: 'loaded' } } })
  // The file is kept as it came, so its hash can be taken again.
  const { mchid } = world.emulator.settings
  const kept = await world.world.store.transaction(async ({ books }) => {
    const file = await books.currentFile(mchid, DAY, 'trade')
    return { sha1: file?.sha1, bytes: Buffer.concat(await books.pieces(file?.id ?? 0)) }
  })
  expect(createHash('sha1').update(gunzipSync(kept.bytes)).digest('hex')).toBe(kept.sha1)
  // A gzip that was cut is refused, and the day stays as it was.
  const packed = gzipSync(funds ?? Buffer.alloc(0))
  const cut = await bring('fund_flow', packed.subarray(0, -10))
  expect([cut.status, ((await cut.json()) as { code: string }).code]).toEqual([422, 'bill_refused'])
  expect(await day(world)).toMatchObject({ state: 'clean' })
})

test('a run that was broken off is another run: what it noted and the next one does not find is gone', async () => {
  const world = await theWorld()
  await paid(world, 'OURS-1')
  await morning(world)
  const of = { mchid: world.emulator.settings.mchid, date: DAY }
  // Noted by a run that then ended with its process.
  await world.world.store.transaction(async (tx) => {
    const run = await tx.books.beginRun(of.mchid, of.date)
    const finding = { class: 'missing_there' as const, subject: 'OURS-1', merchant: 'shop', amount: -2800, detail: {} }
    await tx.books.note({ ...of, run }, finding, world.clock.now())
  })
  const json = { again: true }
  const headers = { authorization: `Bearer ${ANNA}` }
  const answer = await world.fetch(`/v1/reconciliations/${DAY}/run?merchant=shop`, { method: 'POST', json, headers })
  expect(await answer.json()).toMatchObject({ state: 'explained', differences: { unsettled: 0, settled: 1 } })
  expect(await differences(world)).toMatchObject([{ subject: 'OURS-1', state: 'explained', evidence: 'gone' }])
})
