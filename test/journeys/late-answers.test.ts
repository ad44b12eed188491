// Late answers, orders that another system placed, and a schedule that stood still: WeChat's state decides.

import { afterEach, expect, test } from 'vitest'
import { aWorld, HOUR, MINUTE, type TestWorld, type WorldOptions } from '../support/world.ts'

let open: TestWorld | undefined
const theWorld = async (options?: WorldOptions): Promise<TestWorld> => {
  open = await aWorld(options)
  return open
}
afterEach(() => open?.close())

test('B11: a prepay_id that arrives after the close is dropped, and the order stays closed at WeChat', async () => {
  let hold: Promise<void> | undefined
  const world = await theWorld({
    async network(request, wechat) {
      const answer = await wechat(request)
      if (request.url.endsWith('/transactions/jsapi')) await hold
      return answer
    },
  })
  const order = await world.placeOrder()
  let release: () => void = () => undefined
  hold = new Promise((resolve) => {
    release = resolve
  })
  const paying = world.aPhone().cashdesk.pay(order)
  await expect.poll(async () => (await world.order(order.out_trade_no)).state).toBe('ordering')
  // The order is given up while the answer is on its way.
  const closing = world.api(`/v1/orders/${order.out_trade_no}/close?merchant=shop`, { method: 'POST' })
  expect(await (await closing).json()).toMatchObject({ state: 'closed' })
  release()
  expect(await paying).toMatchObject({ status: 'failed' })
  expect(await world.order(order.out_trade_no)).toMatchObject({ state: 'closed' })
  expect(world.emulator.truth().ledger).toEqual([])
})

test('B9: an order number that is already used at WeChat by another order is never taken for our payment', async () => {
  const other = await theWorld()
  // Another system of the same merchant ordered under this number with another amount, and it was paid there.
  const taken = await other.placeOrder({ out_trade_no: 'TAKEN-0001', amount: { total: 100 } })
  await other.aPhone().cashdesk.pay(taken)
  expect((await other.order('TAKEN-0001')).state).toBe('paid')

  const world = await aWorld({ network: (request) => other.emulator.fetch(request) })
  const { appid, users } = world.emulator.settings
  await world.placeOrder({ out_trade_no: 'TAKEN-0001', amount: { total: 2800 }, payer: { appid, openid: users[0]?.openid } })
  expect((await world.api('/v1/orders/TAKEN-0001/pay?merchant=shop', { method: 'POST', json: {} })).status).toBeGreaterThanOrEqual(400)
  await world.clock.advance(MINUTE)
  await world.settle()
  const { state } = await world.order('TAKEN-0001')
  expect(['failed', 'review']).toContain(state)
  expect(await world.events('TAKEN-0001')).not.toContain('order.paid')
  await world.close()
})

test('D6: a schedule that stood still for three days catches up in batches and omits nothing', async () => {
  let calls = 0
  const world = await theWorld({
    network(request, wechat) {
      calls++
      return wechat(request)
    },
  })
  const { appid, users } = world.emulator.settings
  const payer = { appid, openid: users[0]?.openid }
  for (let i = 0; i < 50; i++) {
    const { out_trade_no } = await world.placeOrder({ payer })
    await world.api(`/v1/orders/${out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })
  }
  await world.clock.advance(72 * HOUR)
  let rounds = 0
  for (let taken = await world.settle(); taken > 0; taken = await world.settle()) {
    expect(taken).toBeLessThanOrEqual(40)
    rounds++
  }
  expect(rounds).toBeGreaterThanOrEqual(3)
  for (let i = 1; i <= 50; i++) expect((await world.order(`ORDER-${i}`)).state).toBe('closed')
  // The payment requests, then one query and one close for each order.
  expect(calls).toBeLessThanOrEqual(150)
})

test('C8: a payment that differs from the order goes to review and sends no order.paid', async () => {
  const other = await theWorld()
  const cheap = await other.placeOrder({ out_trade_no: 'CHEAP-0001', amount: { total: 99 } })
  await other.aPhone().cashdesk.pay(cheap)
  const world = await aWorld({ network: (request) => other.emulator.fetch(request) })
  const { appid, users } = world.emulator.settings
  await world.placeOrder({ out_trade_no: 'CHEAP-0001', amount: { total: 100 }, payer: { appid, openid: users[0]?.openid } })
  // WeChat refuses our order under that number. However the refusal is read, WeChat's payment has another amount.
  await world.api('/v1/orders/CHEAP-0001/pay?merchant=shop', { method: 'POST', json: {} })
  await world.api('/v1/orders/CHEAP-0001?merchant=shop&refresh=1')
  expect((await world.order('CHEAP-0001')).state).not.toBe('paid')
  expect(await world.events('CHEAP-0001')).not.toContain('order.paid')
  await world.close()
})
