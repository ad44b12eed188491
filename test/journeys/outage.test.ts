// WeChat away for hours (K4), and a flood of new payments (J2): requests are answered at once, and open orders are still settled.

import { mendSchedule } from '@cashdesk/server'
import { afterEach, describe, expect, test } from 'vitest'
import { aWorld, HOUR, MINUTE, type TestWorld, type WorldOptions } from '../support/world.ts'

let world: TestWorld
const theWorld = async (options: WorldOptions = {}): Promise<TestWorld> => {
  world = await aWorld(options)
  return world
}
afterEach(() => world.close())

const place = (change: Record<string, unknown> = {}) => {
  const { appid, users } = world.emulator.settings
  return world.placeOrder({ payer: { appid, openid: users[0]?.openid }, ...change })
}
const begin = (out_trade_no: string) => world.api(`/v1/orders/${out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })

describe('K4: while WeChat is away for four hours', () => {
  test('payments are answered 503 with Retry-After without a call and without a write, and orders can be placed', async () => {
    let away = false
    let calls = 0
    await theWorld({
      network(request, wechat) {
        calls++
        return away ? Promise.reject(new TypeError('network')) : wechat(request)
      },
    })
    const held = await place()
    expect((await begin(held.out_trade_no)).status).toBe(200)
    away = true
    for (let n = 0; n < 10; n++) expect((await begin((await place()).out_trade_no)).status).toBe(503)
    calls = 0
    const states = new Set<string>()
    for (let n = 0; n < 200; n++) {
      const { out_trade_no } = await place()
      const refused = await begin(out_trade_no)
      expect(refused.status).toBe(503)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await refused.json()).toMatchObject({ code: 'wechat_unreachable' })
      states.add((await world.order(out_trade_no)).state)
    }
    expect(calls).toBe(0)
    expect([...states]).toEqual(['created'])
    // A payment that began before can be shown again without WeChat.
    expect((await begin(held.out_trade_no)).status).toBe(200)
  })

  test('open orders are queried rarely, and afterwards evenly, until the truth is found', async () => {
    let away = false
    const seen: number[] = []
    await theWorld({
      network(request, wechat) {
        seen.push(world.clock.now())
        return away ? Promise.reject(new TypeError('network')) : wechat(request)
      },
    })
    world.emulator.faults.add({ fault: 'notification.lost', times: 999 })
    const { appid, users } = world.emulator.settings
    const openid = users[0]?.openid ?? ''
    const numbers: string[] = []
    for (let n = 0; n < 60; n++) {
      const { out_trade_no } = await place({ time_expire: new Date(world.clock.now() + 24 * HOUR).toISOString() })
      const fields = (await (await begin(out_trade_no)).json()) as Record<string, string>
      expect(world.emulator.cashier({ ...fields, appId: appid, openid })).toEqual({ errMsg: 'requestPayment:ok' })
      numbers.push(out_trade_no)
    }
    away = true
    seen.splice(0)
    for (let n = 0; n < 4 * 60; n++) {
      await world.clock.advance(MINUTE)
      await world.settle()
    }
    // Ten calls until the outage is noticed, then about one a minute, not one for each of sixty orders on their schedule.
    expect(seen.length).toBeGreaterThan(30)
    expect(seen.length).toBeLessThan(10 + 4 * 60 * 2)
    for (const number of numbers) expect((await world.order(number)).state).toBe('pending')

    away = false
    seen.splice(0)
    const rounds = async (count: number): Promise<number> => {
      for (let n = 0; n < count; n++) {
        await world.clock.advance(20_000)
        await world.settle()
      }
      return paid(numbers)
    }
    // Orders that were not queried are queried within minutes; those of the failed probes follow their own schedule.
    expect(await rounds(12)).toBeGreaterThan(numbers.length / 2)
    await rounds(90)
    expect(await paid(numbers)).toBe(numbers.length)
    // The load is limited: a round takes twenty orders at most.
    const perMoment = Map.groupBy(seen, (at) => at)
    expect(Math.max(...[...perMoment.values()].map((calls) => calls.length))).toBeLessThanOrEqual(20)
    expect(seen.length).toBeLessThanOrEqual(numbers.length + 10)
  })

  const paid = async (numbers: readonly string[]): Promise<number> => {
    const states = await Promise.all(numbers.map(async (number) => (await world.order(number)).state))
    return states.filter((state) => state === 'paid').length
  }

  test('a refund is stored without a call, and made when WeChat is back', async () => {
    let away = false
    let calls = 0
    await theWorld({
      network(request, wechat) {
        calls++
        return away ? Promise.reject(new TypeError('network')) : wechat(request)
      },
    })
    const order = await world.placeOrder()
    expect(await world.aPhone().cashdesk.pay(order)).toMatchObject({ status: 'paid' })
    away = true
    for (let n = 0; n < 10; n++) expect((await begin((await place()).out_trade_no)).status).toBe(503)
    calls = 0
    const refund = { method: 'POST', json: { out_refund_no: 'R-1', amount: { refund: 100 } } }
    const answer = await world.api(`/v1/orders/${order.out_trade_no}/refunds?merchant=shop`, refund)
    expect([answer.status, await answer.json()]).toMatchObject([201, { state: 'requested', failure: 'WECHAT_AWAY' }])
    expect(calls).toBe(0)
    away = false
    for (let minutes = 0; minutes < 4; minutes++) {
      await world.clock.advance(MINUTE)
      await world.settle()
    }
    expect(await (await world.api('/v1/refunds/R-1?merchant=shop')).json()).toMatchObject({ state: 'succeeded' })
  })

  test('a clock that steps back does not lengthen the pause to hours', async () => {
    let away = true
    let ahead = 60 * MINUTE
    await theWorld({
      ahead: () => ahead,
      network: (request, wechat) => (away ? Promise.reject(new TypeError('network')) : wechat(request)),
    })
    for (let n = 0; n < 11; n++) expect((await begin((await place()).out_trade_no)).status).toBe(503)
    ahead = 0
    away = false
    expect((await begin((await place()).out_trade_no)).status).toBe(200)
    // Checks that were planned while the clock was ahead are made now.
    await mendSchedule(world.world)
  })

  test('one merchant’s wrong key does not stop the calls of the others', async () => {
    await theWorld({
      network: (request, wechat) =>
        request.headers.get('authorization')?.includes(`mchid="${world.emulator.settings.mchid}"`)
          ? Promise.reject(new TypeError('network'))
          : wechat(request),
    })
    for (let n = 0; n < 12; n++) expect((await begin((await place()).out_trade_no)).status).toBe(503)
    const { sub_appid } = world.emulator.settings.sp
    const openid = world.emulator.addUser('小红').openids[sub_appid]
    const { out_trade_no } = await place({ merchant: 'mall', payer: { appid: sub_appid, openid } })
    expect((await world.api(`/v1/orders/${out_trade_no}/pay?merchant=mall`, { method: 'POST', json: {} })).status).toBe(200)
  })

  test('refusals are answers and never count as an outage', async () => {
    await theWorld()
    world.emulator.faults.add({ fault: 'request.refused', times: 12, code: 'NO_AUTH' })
    for (let n = 0; n < 12; n++) expect((await begin((await place()).out_trade_no)).status).toBe(502)
    expect((await begin((await place()).out_trade_no)).status).toBe(200)
  })
})

describe('J2: the budget of calls to WeChat', () => {
  const limits = { wechat: { per_second: 20, burst: 20 } }

  test('leaves a quarter for settling when payments flood in; refused payments get Retry-After and write nothing', async () => {
    let calls = 0
    await theWorld({
      configure: (config) => ({ ...config, limits }),
      network(request, wechat) {
        calls++
        return wechat(request)
      },
    })
    const earlier = await place()
    expect((await begin(earlier.out_trade_no)).status).toBe(200)
    await world.clock.advance(MINUTE)
    const orders = await Promise.all(Array.from({ length: 100 }, () => place()))
    calls = 0
    const answers = await Promise.all(orders.map(({ out_trade_no }) => begin(out_trade_no)))
    expect(calls).toBe(15)
    const away = answers.filter(({ status }) => status === 503)
    expect(away).toHaveLength(85)
    for (const answer of away) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await answer.json()).toMatchObject({ code: 'wechat_busy' })
    }
    const states = await Promise.all(orders.map(async ({ out_trade_no }) => (await world.order(out_trade_no)).state))
    expect(states.filter((state) => state === 'created')).toHaveLength(85)
    // The five calls that are left are not for payments.
    expect(await (await world.api(`/v1/orders/${earlier.out_trade_no}?merchant=shop&refresh=1`)).json()).toMatchObject({ state: 'pending' })
    expect(calls).toBe(16)
    await world.clock.advance(1000)
    expect((await begin(orders.at(-1)?.out_trade_no ?? '')).status).toBe(200)
  })

  test('postpones a query when it is spent, and the query is made later', async () => {
    await theWorld({ configure: (config) => ({ ...config, limits: { wechat: { per_second: 1, burst: 4 } } }) })
    const order = await place()
    expect((await begin(order.out_trade_no)).status).toBe(200)
    const ask = () => world.api(`/v1/orders/${order.out_trade_no}?merchant=shop&refresh=1`)
    for (let n = 0; n < 5; n++) expect((await ask()).status).toBe(200)
    expect(world.logs).toContainEqual(expect.objectContaining({ fields: expect.objectContaining({ code: 'WECHAT_BUDGET' }) }))
    await world.clock.advance(HOUR)
    expect(await world.settle()).toBe(1)
  })
})
