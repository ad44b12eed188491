// A refund from request to ledger entry, and everything that can go wrong on the way.

import { afterEach, describe, expect, test } from 'vitest'
import { aWorld, HOUR, MINUTE, type TestWorld } from '../support/world.ts'

let open: TestWorld | undefined
afterEach(() => open?.close())

interface View {
  state: string
  failure: string | null
  [field: string]: unknown
}

async function aPaidWorld(options: Parameters<typeof aWorld>[0] = {}, merchant: 'shop' | 'mall' = 'shop') {
  const world = await aWorld(options)
  open = world
  const order = await world.placeOrder({ merchant })
  const appid = merchant === 'shop' ? world.emulator.settings.appid : world.emulator.settings.sp.sub_appid
  await world.aPhone({ appid, afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  const ask = (out_refund_no: string, refund: number, reason?: string) =>
    world.api(`/v1/orders/${order.out_trade_no}/refunds?merchant=${merchant}`, {
      method: 'POST',
      json: { out_refund_no, amount: { refund }, reason },
    })
  const look = async (out_refund_no: string) =>
    (await (await world.api(`/v1/refunds/${out_refund_no}?merchant=${merchant}`)).json()) as View
  const sums = async () => (await world.order(order.out_trade_no, merchant))['amount'] as { refund_reserved: number; refunded: number }
  return { world, order, ask, look, sums }
}

test.each(['shop', 'mall'] as const)('a refund of %s is requested, processed, and succeeds by its notification', async (merchant) => {
  const { world, order, ask, look, sums } = await aPaidWorld({}, merchant)
  const asked = await ask('REFUND-1', 1000, '不想要了')
  expect(asked.status).toBe(201)
  expect(await asked.json()).toMatchObject({
    state: 'processing',
    amount: { refund: 1000, currency: 'CNY' },
    out_trade_no: order.out_trade_no,
  })
  expect(await sums()).toMatchObject({ refund_reserved: 1000, refunded: 0 })
  await world.clock.advance(10_000)
  await world.emulator.deliverDue()
  expect(await look('REFUND-1')).toMatchObject({ state: 'succeeded', received_account: '支付用户零钱', refund_id: expect.any(String) })
  expect(await sums()).toMatchObject({ refund_reserved: 1000, refunded: 1000 })
  expect(await world.events(order.out_trade_no, merchant)).toEqual(['order.paid', 'refund.succeeded'])
  // The order stays paid, because the refunded amount is a sum and not a state.
  expect((await world.order(order.out_trade_no, merchant)).state).toBe('paid')
})

test('E7: a lost notification is found by the schedule', async () => {
  const { world, ask, look } = await aPaidWorld()
  world.emulator.faults.add({ fault: 'notification.lost', times: 99 })
  await ask('REFUND-1', 1000)
  await world.clock.advance(MINUTE)
  await world.settle()
  expect((await look('REFUND-1')).state).toBe('succeeded')
  expect(await world.world.store.transaction((tx) => tx.notifications.count('shop'))).toBe(1)
})

test('C2: the same notification delivered many times writes one ledger entry', async () => {
  const { world, order, ask, sums } = await aPaidWorld()
  await ask('REFUND-1', 1000)
  await world.clock.advance(10_000)
  await world.emulator.deliverDue()
  const told = world.emulator.notifications().find((one) => one.event_type === 'REFUND.SUCCESS')
  await Promise.all(Array.from({ length: 20 }, () => world.emulator.replay(told?.id ?? '')))
  expect(await sums()).toMatchObject({ refund_reserved: 1000, refunded: 1000 })
  expect(await world.events(order.out_trade_no)).toEqual(['order.paid', 'refund.succeeded'])
})

test('E1: forty concurrent refunds never exceed what was paid, neither here nor at WeChat', async () => {
  const { world, ask, sums } = await aPaidWorld()
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(`REFUND-${i}`, 900)))
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(3)
  for (const answer of answers.filter((one) => one.status !== 201)) expect(await answer.json()).toMatchObject({ code: 'refund_exceeds' })
  await world.clock.advance(MINUTE)
  await world.settle()
  expect(await sums()).toMatchObject({ refund_reserved: 2700, refunded: 2700 })
  const given = world.emulator.truth().ledger.filter((entry) => entry.kind === 'refund')
  expect(given).toHaveLength(3)
})

describe('E2: after any fault there is one refund under its number', () => {
  test.each(['request.lost', 'answer.lost', 'answer.http_500', 'answer.unsigned', 'answer.bad_signature', 'answer.stale'] as const)(
    '%s',
    async (fault) => {
      const { world, ask, look, sums } = await aPaidWorld()
      world.emulator.faults.add({ fault, match: { path: '/v3/refund' } })
      expect(await (await ask('REFUND-1', 1000)).json()).toMatchObject({ state: 'requested' })
      expect(await sums()).toMatchObject({ refund_reserved: 1000 })
      await world.clock.advance(5 * MINUTE)
      await world.settle()
      await world.clock.advance(5 * MINUTE)
      await world.settle()
      expect((await look('REFUND-1')).state).toBe('succeeded')
      expect(world.emulator.truth().ledger.filter((entry) => entry.kind === 'refund')).toHaveLength(1)
    },
  )

  test('a repeated request gives the same refund; with other contents it is refused', async () => {
    const { world, ask } = await aPaidWorld()
    world.emulator.faults.add({ fault: 'answer.lost', match: { path: '/v3/refund' } })
    expect(await (await ask('REFUND-1', 1000)).json()).toMatchObject({ state: 'requested' })
    const again = await ask('REFUND-1', 1000)
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ state: 'processing' })
    expect(await (await ask('REFUND-1', 999)).json()).toMatchObject({ code: 'refund_differs', errors: [{ field: '/amount' }] })
    expect(world.emulator.truth().ledger.filter((entry) => entry.kind === 'refund').length).toBeLessThanOrEqual(1)
  })
})

test('E10: two concurrent requests for the same refund make one; with other contents one of them is refused', async () => {
  const world = await aWorld()
  open = world
  const order = await world.placeOrder()
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  const ask = (out_refund_no: string, refund: number) =>
    world.api(`/v1/orders/${order.out_trade_no}/refunds?merchant=shop`, { method: 'POST', json: { out_refund_no, amount: { refund } } })
  const same = await Promise.all([ask('SAME', 100), ask('SAME', 100)])
  expect(same.map(({ status }) => status).sort()).toEqual([200, 201])
  const other = await Promise.all([ask('OTHER', 1), ask('OTHER', 2)])
  expect(other.map(({ status }) => status).sort()).toEqual([201, 409])
  expect(world.emulator.truth().ledger.filter(({ kind }) => kind === 'refund')).toHaveLength(2)
})

test('E4: an abnormal refund keeps its amount held and opens an incident', async () => {
  const { world, ask, look, sums } = await aPaidWorld()
  await ask('REFUND-1', 1000, 'sentinel:ABNORMAL')
  await world.clock.advance(10_000)
  await world.emulator.deliverDue()
  expect((await look('REFUND-1')).state).toBe('abnormal')
  expect(await sums()).toMatchObject({ refund_reserved: 1000, refunded: 0 })
  expect(await world.world.store.transaction((tx) => tx.incidents.count('shop'))).toBe(1)
})

test('E5: the amount of a closed refund can be refunded again', async () => {
  const { world, order, ask, look, sums } = await aPaidWorld()
  await ask('REFUND-1', 2800, 'sentinel:CLOSED')
  await world.clock.advance(10_000)
  await world.emulator.deliverDue()
  expect((await look('REFUND-1')).state).toBe('closed')
  expect(await sums()).toMatchObject({ refund_reserved: 0, refunded: 0 })
  expect((await ask('REFUND-2', 2800)).status).toBe(201)
  expect(await world.events(order.out_trade_no)).toEqual(['order.paid', 'refund.closed'])
})

test('E6: a refund waits visibly under the same number while the balance is too low', async () => {
  const { world, ask, look } = await aPaidWorld()
  const reply = await ask('REFUND-1', 1000, 'sentinel:NOT_ENOUGH')
  expect(await reply.json()).toMatchObject({ state: 'requested', failure: 'NOT_ENOUGH' })
  await world.clock.advance(HOUR)
  await world.settle()
  expect(await look('REFUND-1')).toMatchObject({ state: 'requested', failure: 'NOT_ENOUGH' })
})

test('E5: a refund that WeChat certainly refused and does not have is rejected, and its amount released', async () => {
  const { world, order, ask, look, sums } = await aPaidWorld()
  expect(await (await ask('REFUND-1', 1000, 'sentinel:PARAM_ERROR')).json()).toMatchObject({ state: 'rejected', failure: 'PARAM_ERROR' })
  expect((await look('REFUND-1')).state).toBe('rejected')
  expect(await sums()).toMatchObject({ refund_reserved: 0 })
  expect(await world.events(order.out_trade_no)).toEqual(['order.paid', 'refund.rejected'])
})

test('E5: a certain refusal does not end a refund that WeChat accepted in an earlier attempt', async () => {
  const { world, ask, sums } = await aPaidWorld()
  world.emulator.faults.add({ fault: 'answer.lost', match: { path: '/v3/refund' } })
  expect(await (await ask('REFUND-1', 1000)).json()).toMatchObject({ state: 'requested' })
  world.emulator.faults.add({ fault: 'request.refused', code: 'INVALID_REQUEST', match: { path: '/v3/refund' } })
  expect(await (await ask('REFUND-1', 1000)).json()).toMatchObject({ state: 'processing' })
  expect(await sums()).toMatchObject({ refund_reserved: 1000 })
})

describe('E9: a refund is refused before WeChat is asked', () => {
  test.each([
    ['more than was paid', 'REFUND-1', 2801, 409, 'refund_exceeds'],
    ['nothing', 'REFUND-1', 0, 400, 'invalid_request'],
    ['a fraction', 'REFUND-1', 0.5, 400, 'invalid_request'],
    ['a number with a slash', 'REFUND/1', 1, 400, 'invalid_request'],
  ])('%s', async (_, no, amount, status, code) => {
    const { world, ask } = await aPaidWorld()
    const before = world.emulator.requests().length
    const answer = await ask(no, amount)
    expect({ status: answer.status, code: ((await answer.json()) as { code: string }).code }).toEqual({ status, code })
    expect(world.emulator.requests()).toHaveLength(before)
  })

  test('of an order that is not paid, or was paid more than a year ago', async () => {
    const { world, ask } = await aPaidWorld()
    const unpaid = await world.placeOrder()
    const answer = await world.api(`/v1/orders/${unpaid.out_trade_no}/refunds?merchant=shop`, {
      method: 'POST',
      json: { out_refund_no: 'R-1', amount: { refund: 1 } },
    })
    expect(await answer.json()).toMatchObject({ code: 'order_not_paid' })
    await world.clock.advance(366 * 24 * HOUR)
    expect(await (await ask('REFUND-1', 1)).json()).toMatchObject({ code: 'refund_too_late' })
  })

  test('J1: another merchant’s order and refund do not exist', async () => {
    const { world, order, ask } = await aPaidWorld()
    await ask('REFUND-1', 1)
    expect((await world.api('/v1/refunds/REFUND-1?merchant=mall')).status).toBe(404)
    expect(
      (
        await world.api(`/v1/orders/${order.out_trade_no}/refunds?merchant=mall`, {
          method: 'POST',
          json: { out_refund_no: 'R-1', amount: { refund: 1 } },
        })
      ).status,
    ).toBe(404)
  })
})
