// The backend knows who pays: order, call to WeChat and payment fields in one call, which may be repeated after any outcome.

import { afterEach, expect, test } from 'vitest'
import { aWorld, HOUR, type TestWorld, type WorldOptions } from '../support/world.ts'

let open: TestWorld | undefined
const theWorld = async (options?: WorldOptions): Promise<TestWorld> => {
  open = await aWorld(options)
  return open
}
afterEach(() => open?.close())

interface Answer {
  out_trade_no: string
  state: string
  code?: string
  client_secret: string
  payment?: Record<string, string>
}

async function orderAndPay(world: TestWorld, change: object = {}): Promise<{ status: number; body: Answer }> {
  const { appid, users } = world.emulator.settings
  const payer = { appid, openid: users[0]?.openid }
  const json = { merchant: 'shop', out_trade_no: 'AT-ONCE-1', description: '拿铁', amount: { total: 2800 }, payer, pay: true, ...change }
  const answer = await world.api('/v1/orders', { method: 'POST', json })
  return { status: answer.status, body: (await answer.json()) as Answer }
}

test('one call returns the fields for the cashier', async () => {
  const world = await theWorld()
  const { status, body } = await orderAndPay(world)
  expect(status).toBe(201)
  expect(body).toMatchObject({ state: 'pending', client_secret: expect.stringMatching(/^cs_shop_/) })
  const { appid, users } = world.emulator.settings
  const said = world.emulator.cashier({ ...(body.payment ?? {}), appId: appid, openid: users[0]?.openid ?? '' } as never)
  expect(said).toEqual({ errMsg: 'requestPayment:ok' })
  await world.emulator.deliverDue()
  expect(await world.order('AT-ONCE-1')).toMatchObject({ state: 'paid' })
  const history = await world.world.store.transaction((tx) => tx.orders.history('shop', 'AT-ONCE-1'))
  expect(history.map(({ to_state }) => to_state)).toEqual(['created', 'ordering', 'pending', 'paid'])
})

test('B2: twenty concurrent calls make one order and one prepay_id', async () => {
  const world = await theWorld()
  const all = await Promise.all(Array.from({ length: 20 }, () => orderAndPay(world)))
  expect(all.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201])
  expect(new Set(all.map(({ body }) => body.payment?.['package'])).size).toBe(1)
})

test('B6: when WeChat does not answer the order is kept, and the same call again succeeds', async () => {
  const world = await theWorld()
  world.emulator.faults.add({ fault: 'answer.unsigned', times: 1 })
  const failed = await orderAndPay(world)
  expect(failed).toMatchObject({ status: 503, body: { code: 'wechat_unreachable' } })
  expect(await world.order('AT-ONCE-1')).toMatchObject({ state: 'ordering' })
  expect(await orderAndPay(world)).toMatchObject({ status: 200, body: { state: 'pending', payment: { signType: 'RSA' } } })
})

test('without a payer the call is refused and nothing is written', async () => {
  const world = await theWorld()
  expect(await orderAndPay(world, { payer: undefined })).toMatchObject({ status: 422, body: { code: 'payer_missing' } })
  expect((await world.api('/v1/orders/AT-ONCE-1?merchant=shop')).status).toBe(404)
})

test('a repetition under an Idempotency-Key gives the same order, and is refused after its expiry', async () => {
  const world = await theWorld()
  const { appid, users } = world.emulator.settings
  const json = { merchant: 'shop', description: '拿铁', amount: { total: 1 }, payer: { appid, openid: users[0]?.openid }, pay: true }
  const call = () => world.api('/v1/orders', { method: 'POST', json, headers: { 'idempotency-key': 'cart-7' } })
  const first = (await (await call()).json()) as Answer
  const second = (await (await call()).json()) as Answer
  expect(second.out_trade_no).toBe(first.out_trade_no)
  expect(second.payment?.['package']).toBe(first.payment?.['package'])
  await world.clock.advance(3 * HOUR)
  expect(await (await call()).json()).toMatchObject({ code: 'order_expired' })
})
