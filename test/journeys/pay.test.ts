// One payment from phone to event, with real bytes: phone → server → WeChat → notification → paid.

import { afterEach, describe, expect, test } from 'vitest'
import { aWorld, HOUR, MINUTE, type TestWorld, type WorldOptions } from '../support/world.ts'

let open: TestWorld | undefined
const theWorld = async (options?: WorldOptions): Promise<TestWorld> => {
  open = await aWorld(options)
  return open
}
afterEach(() => open?.close())

describe.each(['public key', 'platform certificates'] as const)('with trust by %s', (trust) => {
  test('a direct order is paid by its notification', async () => {
    const world = await theWorld({ trust })
    const order = await world.placeOrder()
    // The phone gets no answer, so only the notification can report the payment.
    const phone = world.aPhone({ afterCashier: () => world.emulator.deliverDue() })
    expect(await phone.cashdesk.pay(order)).toMatchObject({ status: 'paid', order: { state: 'paid' } })
    expect(phone.said).toEqual([{ errMsg: 'requestPayment:ok' }])
    expect(await world.order(order.out_trade_no)).toMatchObject({
      state: 'paid',
      payer: { openid: phone.openid },
      amount: { total: 2800, payer_total: 2800 },
    })
    expect(await world.events(order.out_trade_no)).toEqual(['order.paid'])
    expect(world.emulator.notifications()).toMatchObject([{ state: 'delivered' }])
    const history = await world.world.store.transaction((tx) => tx.orders.history('shop', order.out_trade_no))
    expect(history.map((row) => `${row.to_state} by ${row.source}`)).toEqual([
      'created by api',
      'ordering by api',
      'pending by api',
      'paid by notification',
    ])
  })

  test('an order of a sub-merchant is paid, in its own program and in the provider’s', async () => {
    const world = await theWorld({ trust })
    const { sub_appid, sp_appid } = world.emulator.settings.sp
    for (const appid of [sub_appid, sp_appid]) {
      const order = await world.placeOrder({ merchant: 'mall' })
      const phone = world.aPhone({ appid, afterCashier: () => world.emulator.deliverDue() })
      expect((await phone.cashdesk.pay(order)).status).toBe('paid')
      expect(await world.order(order.out_trade_no, 'mall')).toMatchObject({
        state: 'paid',
        appid,
        sub_mchid: world.emulator.settings.sp.sub_mchid,
      })
      expect(await world.events(order.out_trade_no, 'mall')).toEqual(['order.paid'])
    }
  })
})

test('a cancelled payment leaves the order unpaid, and it can be paid later with the same prepay_id', async () => {
  const world = await theWorld()
  const order = await world.placeOrder()
  expect((await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)).status).toBe('cancelled')
  expect((await world.order(order.out_trade_no)).state).toBe('pending')
  expect(await world.events(order.out_trade_no)).toEqual([])
  expect((await world.aPhone().cashdesk.pay(order)).status).toBe('paid')
})

test('a payment that the bank refuses leaves the order unpaid', async () => {
  const world = await theWorld()
  const order = await world.placeOrder()
  expect((await world.aPhone({ action: 'fail' }).cashdesk.pay(order)).status).toBe('failed')
  expect((await world.order(order.out_trade_no)).state).toBe('pending')
})

test('C1: a lost notification is found by the phone’s question', async () => {
  const world = await theWorld()
  world.emulator.faults.add({ fault: 'notification.lost', times: 99 })
  const order = await world.placeOrder()
  const phone = world.aPhone({ afterCashier: () => world.emulator.deliverDue() })
  expect((await phone.cashdesk.pay(order)).status).toBe('paid')
  expect(await world.world.store.transaction((tx) => tx.notifications.count('shop'))).toBe(0)
  expect(await world.events(order.out_trade_no)).toEqual(['order.paid'])
})

test('C1: a lost notification is found by the schedule when the phone is gone, too', async () => {
  const world = await theWorld()
  world.emulator.faults.add({ fault: 'notification.lost', times: 99 })
  const order = await world.placeOrder()
  void world.aPhone({ afterCashier: () => new Promise(() => {}) }).cashdesk.pay(order)
  await expect.poll(() => world.emulator.truth().ledger.length).toBe(1)
  expect((await world.order(order.out_trade_no)).state).toBe('pending')
  await world.clock.advance(15_000)
  expect(await world.settle()).toBe(1)
  expect((await world.order(order.out_trade_no)).state).toBe('paid')
  expect(await world.events(order.out_trade_no)).toEqual(['order.paid'])
})

test('C2: a notification delivered a hundred times concurrently pays the order once', async () => {
  const world = await theWorld()
  const order = await world.placeOrder()
  const phone = world.aPhone({ afterCashier: () => world.emulator.deliverDue() })
  await phone.cashdesk.pay(order)
  const [notification] = world.emulator.notifications()
  const answers = await Promise.all(Array.from({ length: 100 }, () => world.emulator.replay(notification?.id ?? '')))
  expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([204]))
  expect(await world.events(order.out_trade_no)).toEqual(['order.paid'])
  expect(world.emulator.truth().ledger).toHaveLength(1)
})

test('C10: an order does not become paid because the phone says so', async () => {
  const world = await theWorld()
  const order = await world.placeOrder()
  const phone = world.aPhone({ action: 'cancel' })
  await phone.cashdesk.pay(order)
  const token = await phone.cashdesk.login()
  const answer = await world.fetch(`/client/v1/orders/${order.out_trade_no}?client_result=ok`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(await answer.json()).toMatchObject({ state: 'pending', paid_at: null })
})

describe('B6, C13: after any fault on the way to WeChat there is one order, and it is not falsely failed', () => {
  test.each([
    'request.lost',
    'answer.lost',
    'answer.http_500',
    'answer.unsigned',
    'answer.bad_signature',
    'answer.stale',
    'answer.future',
    'answer.wrong_serial',
    'answer.probe',
  ] as const)('%s', async (fault) => {
    const world = await theWorld()
    const order = await world.placeOrder()
    world.emulator.faults.add({ fault, match: { path: '/v3/pay/transactions/jsapi' } })
    const phone = world.aPhone({ afterCashier: () => world.emulator.deliverDue() })
    const first = await phone.cashdesk.pay(order)
    // F5: the outcome is unknown, so the buyer reads that it is being confirmed, not that it failed.
    expect(first).toMatchObject({
      status: 'pending',
      error: {
        errMsg: 'wechat_unreachable',
        zh: expect.stringMatching(/^正在确认付款，请勿重复支付。（编号 [2-9A-HJ-NP-Z]{8}）$/) as string,
      },
    })
    expect((await world.order(order.out_trade_no)).state).toBe('ordering')
    // The same order again: the request is the same byte for byte, so WeChat accepts it as the same.
    expect((await phone.cashdesk.pay(order)).status).toBe('paid')
    const bodies = world.emulator.requests().filter((seen) => seen.target === '/v3/pay/transactions/jsapi')
    expect(bodies).toHaveLength(2)
    expect(world.emulator.truth().ledger).toHaveLength(1)
  })
})

test('B8: an order that WeChat certainly refuses is failed, with WeChat’s code', async () => {
  const world = await theWorld()
  // Closing a number that was never ordered makes it unusable at WeChat, so the order that follows is refused (v3-endpoints §1.1).
  await world.world.merchants.get('shop')?.close('BURNT-0001')
  const order = await world.placeOrder({ out_trade_no: 'BURNT-0001' })
  expect(await world.aPhone().cashdesk.pay(order)).toMatchObject({ status: 'failed', error: { errMsg: 'wechat_refused' } })
  expect(await world.order('BURNT-0001')).toMatchObject({ state: 'failed', failure: 'INVALID_REQUEST' })
  expect(await world.events('BURNT-0001')).toEqual(['order.failed'])
})

test('B10: an old prepay_id is renewed with the same contents', async () => {
  const world = await theWorld()
  const order = await world.placeOrder({ time_expire: new Date(world.clock.now() + 24 * HOUR).toISOString() })
  await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
  await world.clock.advance(3 * HOUR)
  expect((await world.aPhone().cashdesk.pay(order)).status).toBe('paid')
})

describe('D1: at its expiry', () => {
  test('an unpaid order is closed when WeChat confirms it', async () => {
    const world = await theWorld()
    const order = await world.placeOrder()
    await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
    await world.clock.advance(2 * HOUR)
    await world.settle()
    expect((await world.order(order.out_trade_no)).state).toBe('closed')
    expect(await world.events(order.out_trade_no)).toEqual(['order.closed'])
    expect(await world.aPhone().cashdesk.pay(order)).toMatchObject({ status: 'failed', error: { errMsg: 'order_closed' } })
  })

  test('an order that was never sent to WeChat closes without a call', async () => {
    const world = await theWorld()
    const order = await world.placeOrder()
    await world.clock.advance(2 * HOUR)
    await world.settle()
    expect((await world.order(order.out_trade_no)).state).toBe('closed')
    expect(world.emulator.requests()).toHaveLength(0)
  })

  test('a payment at the last moment wins over our close', async () => {
    const world = await theWorld()
    world.emulator.faults.add({ fault: 'notification.lost', times: 99 })
    const order = await world.placeOrder()
    await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
    await world.clock.advance(2 * HOUR - MINUTE)
    void world.aPhone({ afterCashier: () => new Promise(() => {}) }).cashdesk.pay(order)
    await expect.poll(() => world.emulator.truth().ledger.length).toBe(1)
    await world.clock.advance(MINUTE)
    await world.settle()
    expect((await world.order(order.out_trade_no)).state).toBe('paid')
  })
})

describe('when the merchant closes an order', () => {
  const close = (world: TestWorld, out_trade_no: string) =>
    world.api(`/v1/orders/${out_trade_no}/close?merchant=shop`, { method: 'POST' }).then((answer) => answer.json())

  test('it is closed at WeChat, too, once, and closing it again is no error', async () => {
    const world = await theWorld()
    const order = await world.placeOrder()
    await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
    expect(await close(world, order.out_trade_no)).toMatchObject({ state: 'closed' })
    expect(await close(world, order.out_trade_no)).toMatchObject({ state: 'closed' })
    expect(await world.events(order.out_trade_no)).toEqual(['order.closed'])
    expect(await world.aPhone().cashdesk.pay(order)).toMatchObject({ status: 'failed' })
  })

  test('and the user paid first, it is paid', async () => {
    const world = await theWorld()
    const order = await world.placeOrder()
    world.emulator.faults.add({ fault: 'notification.lost', times: 9 })
    await world
      .aPhone({ afterCashier: async () => expect(await close(world, order.out_trade_no)).toMatchObject({ state: 'paid' }) })
      .cashdesk.pay(order)
    expect(await world.events(order.out_trade_no)).toEqual(['order.paid'])
  })

  test('D3: it stays closing while WeChat is away and becomes closed when WeChat confirms; another merchant’s order does not exist', async () => {
    let away = false
    const world = await theWorld({ network: (request, wechat) => (away ? Promise.reject(new TypeError('network')) : wechat(request)) })
    const order = await world.placeOrder()
    await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
    away = true
    expect(await close(world, order.out_trade_no)).toMatchObject({ state: 'closing' })
    away = false
    await world.clock.advance(HOUR)
    await world.settle()
    expect(await world.order(order.out_trade_no)).toMatchObject({ state: 'closed' })
    expect((await world.api(`/v1/orders/${order.out_trade_no}/close?merchant=mall`, { method: 'POST' })).status).toBe(404)
  })
})

test('K4: while WeChat is away no outcome is claimed, and when it is back the truth is found', async () => {
  let away = false
  const world = await theWorld({ network: (request, wechat) => (away ? Promise.reject(new TypeError('network down')) : wechat(request)) })
  const order = await world.placeOrder()
  world.emulator.faults.add({ fault: 'notification.lost', times: 99 })
  void world.aPhone({ afterCashier: () => new Promise(() => {}) }).cashdesk.pay(order)
  await expect.poll(() => world.emulator.truth().ledger.length).toBe(1)
  away = true
  await world.clock.advance(4 * HOUR)
  await world.settle()
  expect((await world.order(order.out_trade_no)).state).toBe('pending')
  away = false
  await world.clock.advance(HOUR)
  await world.settle()
  expect((await world.order(order.out_trade_no)).state).toBe('paid')
})
