// G1: a clock that jumps plans nothing and expires nothing; times planned by a wrong clock are corrected, and the audit reports them until then.

import { createWorld, deliverDue, settleDue, type World } from '@cashdesk/server'
import { afterEach, describe, expect, test } from 'vitest'
import { type SteadyClock, steadyClock } from '../../packages/server/src/health/steady-clock.ts'
import { askTheTime } from '../../packages/server/src/jobs/ask-the-time.ts'
import { mendSchedule } from '../../packages/server/src/jobs/schedule.ts'
import { aWorld, HOUR, MINUTE, type TestWorld } from '../support/world.ts'

const DAY = 24 * HOUR
const JUMPS: [string, number][] = [
  ['two minutes ahead', 2 * MINUTE],
  ['two minutes back', -2 * MINUTE],
  ['ten minutes ahead', 10 * MINUTE],
  ['ten minutes back', -10 * MINUTE],
  ['a day ahead', DAY],
  ['a day back', -DAY],
]

describe('the steady clock', () => {
  const begin = 1_000_000_000_000
  function aClock(): { times: { wall: number; passed: number }; clock: SteadyClock; told: [string, number][]; pass(ms: number): void } {
    const times = { wall: begin, passed: 7 }
    const told: [string, number][] = []
    const clock = steadyClock(
      { wall: () => times.wall, monotonic: () => times.passed },
      () => () => {},
      (event, ms) => void told.push([event, ms]),
    )
    return {
      times,
      clock,
      told,
      pass(ms) {
        times.wall += ms
        times.passed += ms
      },
    }
  }

  test('G1: follows the machine’s clock, even while that is corrected in small steps', () => {
    const { times, clock, told, pass } = aClock()
    for (let n = 0; n < 100; n++) {
      pass(1000)
      times.wall += n % 2 === 0 ? 1900 : -1800
      expect(clock.now()).toBe(times.wall)
    }
    expect([clock.apart_ms(), told]).toEqual([0, []])
  })

  test.each(JUMPS)('G1: does not follow a jump of %s, reports it once, and agrees again when the jump is undone', (_, jump) => {
    const { times, clock, told, pass } = aClock()
    pass(1000)
    clock.now()
    times.wall += jump
    for (let n = 1; n <= 3; n++) {
      pass(1000)
      expect(clock.now()).toBe(begin + 1000 + n * 1000)
    }
    expect([clock.apart_ms(), told]).toEqual([jump, [['clock.jumped', jump]]])
    times.wall -= jump
    expect([clock.now(), clock.apart_ms()]).toEqual([times.wall, 0])
  })

  test.each(JUMPS)('G1: after a jump of %s WeChat’s time decides', (_, jump) => {
    const right = aClock()
    right.times.wall += jump
    right.clock.heard(right.times.wall + 500)
    expect([right.clock.now(), right.clock.apart_ms(), right.told.at(-1)?.[0]]).toEqual([right.times.wall, 0, 'clock.followed'])

    const wrong = aClock()
    wrong.times.wall += jump
    wrong.clock.heard(begin + 500)
    expect([wrong.clock.now(), wrong.clock.apart_ms()]).toEqual([begin, jump])
    // Both clocks are near WeChat's, and ours is nearer: a jump of half a minute is not followed.
    const little = aClock()
    little.times.wall += 30_000
    little.clock.heard(begin + 500)
    expect([little.clock.now(), little.clock.apart_ms()]).toEqual([begin, 30_000])
    // Neither clock is near WeChat's: ours is kept.
    wrong.clock.heard(begin + 30 * DAY)
    expect(wrong.clock.now()).toBe(begin)
  })
})

let world: TestWorld
afterEach(async () => {
  // The steady clock needs no world.
  await (world as TestWorld | undefined)?.close()
})

/** Another process on the same store, with its own clock, while WeChat is away. */
function anotherServer(ahead: () => number): World {
  const { config } = world
  const { store } = world.world
  const clock = { now: () => world.clock.now() + ahead(), timer: world.clock.timer }
  return createWorld(config, {
    store,
    clock,
    fetch: () => Promise.reject(new TypeError('away')),
    deliver: async () => new Response(null, { status: 503 }),
  })
}

test.each(JUMPS)(
  'G1: after nine seconds of a clock that is %s at the start, with WeChat away, everything is checked within half an hour of true time',
  async (_, jump) => {
    world = await aWorld({ deliver: async () => new Response(null, { status: 204 }) })
    await world.api('/v1/webhook_endpoints?merchant=shop', { method: 'POST', json: { url: 'https://hook.example.com/' } })
    const refunded = await world.placeOrder({ out_trade_no: 'REFUNDED-1' })
    await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(refunded)
    await world.api('/v1/orders/REFUNDED-1/refunds?merchant=shop', {
      method: 'POST',
      json: { out_refund_no: 'R-1', amount: { refund: 100 } },
    })
    // The bank has the payment, and no notification was sent.
    world.emulator.faults.add({ fault: 'notification.lost', times: 50 })
    const { appid } = world.emulator.settings
    const { openid } = world.aPhone()
    const order = {
      merchant: 'shop',
      out_trade_no: 'PAID-UNHEARD',
      description: 'x',
      amount: { total: 2800 },
      payer: { appid, openid },
      pay: true,
    }
    const made = await world.api('/v1/orders', {
      method: 'POST',
      json: { ...order, time_expire: new Date(world.clock.now() + 3 * DAY).toISOString() },
    })
    const { payment } = (await made.json()) as { payment: Parameters<typeof world.emulator.cashier>[0] }
    world.emulator.cashier({ ...payment, appId: appid, openid, action: 'pay' })
    expect((await world.order('PAID-UNHEARD')).state).toBe('pending')

    await world.clock.advance(MINUTE)
    const wrong = anotherServer(() => jump)
    for (let n = 0; n < 9; n++) {
      await settleDue(wrong)
      await deliverDue(wrong)
      await world.clock.advance(1000)
    }
    const broken = (await world.world.store.audit(0)).map(({ check }) => check.slice(0, 3))
    expect(broken).toEqual(jump > 30 * MINUTE ? expect.arrayContaining(['A24']) : [])

    await mendSchedule(world.world)
    expect(await world.world.store.audit(0)).toEqual([])
    for (let minutes = 0; minutes < 30; minutes++) {
      await world.clock.advance(MINUTE)
      await world.settle()
      await world.deliver()
    }
    expect((await world.order('PAID-UNHEARD')).state).toBe('paid')
    expect(await (await world.api('/v1/refunds/R-1?merchant=shop')).json()).toMatchObject({ state: 'succeeded' })
  },
)

test('G1: a mended schedule is logged once, and correct plans stay as they are', async () => {
  world = await aWorld()
  const order = await world.placeOrder()
  await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
  await mendSchedule(world.world)
  expect(world.logs.filter(({ event }) => event === 'schedule.mended')).toEqual([])
  await world.world.store.transaction(async (tx) => {
    const found = await tx.orders.lock('shop', order.out_trade_no)
    if (found) await tx.orders.reschedule({ ...found, next_check_at: world.clock.now() + DAY })
  })
  for (let n = 0; n < 2; n++) await mendSchedule(world.world)
  expect(world.logs.filter(({ event }) => event === 'schedule.mended').map(({ fields }) => fields.detail)).toEqual([
    '1 orders, 0 refunds, 0 deliveries',
  ])
})

test('G1: while WeChat’s time shows that ours is wrong nothing is planned, expired or sent, and the log says so', async () => {
  let ahead = 0
  let sent = 0
  world = await aWorld({
    ahead: () => ahead,
    deliver: async () => {
      sent++
      return new Response(null, { status: 204 })
    },
  })
  await world.api('/v1/webhook_endpoints?merchant=shop', { method: 'POST', json: { url: 'https://hook.example.com/' } })
  const unsent = await world.placeOrder({ out_trade_no: 'UNSENT-1' })
  const open = await world.placeOrder({ out_trade_no: 'OPEN-0001' })
  await world.aPhone({ action: 'cancel' }).cashdesk.pay(open)
  const paid = await world.placeOrder({ out_trade_no: 'PAID-0001' })
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(paid)
  const planned = async () =>
    world.world.store.transaction(async (tx) => [
      (await tx.orders.find('shop', 'UNSENT-1'))?.next_check_at,
      (await tx.orders.find('shop', 'OPEN-0001'))?.next_check_at,
    ])
  const before = await planned()

  ahead = DAY
  await askTheTime(world.world)
  expect(world.world.skew.isWrong()).toBe(true)
  for (let n = 0; n < 3; n++) {
    await settleDue(world.world)
    await deliverDue(world.world)
    await mendSchedule(world.world)
    await world.api('/v1/orders/OPEN-0001?merchant=shop&refresh=1')
  }
  expect(await planned()).toEqual(before)
  // To a clock that is a day behind every correct plan seems too far ahead. It is known to be wrong, so it corrects nothing.
  ahead = -DAY
  await askTheTime(world.world)
  expect(world.world.skew.isWrong()).toBe(true)
  await mendSchedule(world.world)
  expect(await planned()).toEqual(before)
  expect(sent).toBe(0)
  expect([(await world.order('UNSENT-1')).state, (await world.order('OPEN-0001')).state]).toEqual(['created', 'pending'])
  expect(world.logs.filter(({ event }) => event === 'clock.wrong')).not.toEqual([])
  expect((await world.fetch('/readyz')).status).toBe(503)

  ahead = 0
  await askTheTime(world.world)
  await deliverDue(world.world)
  expect(sent).toBe(1)
  expect(unsent.out_trade_no).toBe('UNSENT-1')
})
