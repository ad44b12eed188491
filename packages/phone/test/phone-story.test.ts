// The story on the phone's page (F6): which fault changed which exchange, even when no answer came; which order each line is about; and a sentence for each.

import { FAULTS } from '@cashdesk/emulator'
import { createExchanges, type Exchange } from '@cashdesk/phone'
import { expect, test } from 'vitest'
import { aMerchant, anOrder, aWorld, JSAPI, pay, query, SECONDS } from '../../emulator/test/world.ts'
import { withOrders } from '../src/order-of.ts'
import { storyOf, type Told, unsentOf } from '../src/story.ts'

const WORDS = new URL('../page/faults.js', import.meta.url)

test('F6: every fault has a name and a line in both languages, and every button names a fault that exists', async () => {
  const words = (await import(WORDS.href)) as { FAULTS: Record<string, unknown[]>; ARMABLE: string[] }
  expect(Object.keys(words.FAULTS).sort()).toEqual(Object.keys(FAULTS).sort())
  for (const [name, [zhName, enName, zhLine, enLine]] of Object.entries(words.FAULTS)) {
    for (const zh of [zhName, zhLine]) expect([name, zh]).toEqual([name, expect.stringMatching(/\p{Script=Han}/u)])
    for (const en of [enName, enLine]) expect([name, en]).toEqual([name, expect.stringMatching(/^[\x20-\x7e’]+$/)])
  }
  expect(Object.keys(FAULTS)).toEqual(expect.arrayContaining(words.ARMABLE))
  // A fault that breaks a signature must be marked so; otherwise its line would show a green label.
  const untrue = Object.keys(FAULTS).filter((name) => /signature|unsigned|stale|future|wrong_serial|probe|forged|altered/.test(name))
  expect(
    Object.keys(words.FAULTS)
      .filter((name) => words.FAULTS[name]?.[4] === false)
      .sort(),
  ).toEqual(untrue.sort())
})

test.each(['request.lost', 'answer.lost', 'answer.http_500', 'answer.bad_signature'] as const)(
  'F6: %s is shown at the exchange that it changed and at no other',
  async (fault) => {
    const world = await aWorld()
    const exchanges = createExchanges(world.clock)
    const recorded = exchanges.recorded('server', 'wechat', world.emulator.fetch)
    const inner = { ...world.emulator, fetch: recorded }
    const shop = aMerchant(inner, world.clock, world.emulator.settings.mchid, world.emulator.settings)
    const order = (out_trade_no: string) => shop.send('POST', JSAPI, anOrder(world, { out_trade_no })).catch(() => undefined)
    await order('order-0001')
    world.emulator.faults.add({ fault })
    await order('order-0002')
    await order('order-0003')
    const told = storyOf(exchanges.list(), world.emulator.requests())
    expect(told.map((one) => one.fault)).toEqual([undefined, fault, undefined])
    expect(told.map((one) => one.verdict)).toEqual(['accepted', fault === 'request.lost' ? 'unsigned' : 'accepted', 'accepted'])
  },
)

test('F6: a call without a signature is shown with its target, but without the secret in it', async () => {
  const world = await aWorld()
  const exchanges = createExchanges(world.clock)
  const recorded = exchanges.recorded('server', 'wechat', world.emulator.fetch)
  world.emulator.faults.add({ fault: 'answer.lost' })
  const target = 'http://wechat.test/sns/jscode2session?appid=1&secret=s3cret&js_code=c1'
  await recorded(new Request(target)).catch(() => undefined)
  const told = storyOf(exchanges.list(), world.emulator.requests())
  expect(told).toMatchObject([{ fault: 'answer.lost', path: '/sns/jscode2session?appid=1&secret=…&js_code=c1' }])
  expect(JSON.stringify(told)).not.toContain('s3cret')
})

test('F6: a notification carries the fault that changed it, and the next one does not', async () => {
  const clockless = await aWorld()
  const exchanges = createExchanges(clockless.clock)
  const { endpoint } = clockless
  const world = await aWorld({ clock: clockless.clock, fetch: exchanges.recorded('wechat', 'server', endpoint.fetch) })
  endpoint.answer = () => new Response(null, { status: 500 })
  world.emulator.faults.add({ fault: 'notification.doubled' })
  await pay(world)
  await world.emulator.deliverDue()
  await clockless.clock.advance(15 * SECONDS)
  expect(exchanges.list().map(({ fault }) => fault)).toEqual(['notification.doubled', 'notification.doubled', undefined])
  // The query has one more member: an empty list.
  expect({ ...(exchanges.list()[2]?.resource as object), promotion_detail: [] }).toEqual((await query(world)).body)
})

test.each(['notification.lost', 'notification.delayed', 'notification.disordered'] as const)(
  'F6: %s is a line of its own, because no exchange took place',
  async (fault) => {
    const world = await aWorld()
    world.emulator.faults.add({ fault })
    await pay(world)
    await world.emulator.deliverDue()
    const at = world.clock.now()
    expect(unsentOf(world.emulator.notifications(), 0)).toMatchObject([
      { from: 'wechat', to: 'server', fault, unsent: true, path: '/notify', at },
    ])
    // Ordered by the time of the exchanges, whatever WeChat's own clock says.
    expect(unsentOf(world.emulator.notifications(), 60_000)).toMatchObject([{ at: at - 60_000 }])
  },
)

const exchange = (id: number, path: string, request = '', answer = ''): Told => {
  const plain: Exchange = { id, at: id, from: 'phone', to: 'server', method: 'POST', path, request, answer }
  return plain
}

test('F6: an exchange belongs to the one order that it names, or that its prepay_id, refund or payment belongs to', () => {
  const story = [
    exchange(1, '/checkout', '{"items":[]}', '{"out_trade_no":"A"}'),
    exchange(2, '/client/v1/orders/A/pay', '', '{"package":"prepay_id=wx1"}'),
    exchange(3, '/_emulator/cashier/open', '{"package":"prepay_id=wx1"}'),
    exchange(4, '/v3/pay/transactions/out-trade-no/B?mchid=1', '', '{"transaction_id":"42B"}'),
    exchange(5, '/v3/refund/domestic/refunds', '{"out_trade_no":"B","out_refund_no":"R-1"}', '{"refund_id":"50"}'),
    exchange(6, '/v3/refund/domestic/refunds/R-1'),
    { ...exchange(7, '/wechat/shop/notify/payment'), resource: { out_trade_no: 'A' } },
    exchange(8, '/v1/orders?merchant=shop', '', '{"data":[{"out_trade_no":"A"},{"out_trade_no":"B"}]}'),
    exchange(9, '/_emulator/login', '{"appid":"wx"}'),
    exchange(10, '/v1/other', '{"transaction_id":"42B"}'),
  ]
  expect(withOrders(story).map(({ out_trade_no }) => out_trade_no)).toEqual(['A', 'A', 'A', 'B', 'B', 'B', 'A', undefined, undefined, 'B'])
})
