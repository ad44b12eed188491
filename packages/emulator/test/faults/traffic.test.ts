// Faults of traffic: refused before anything is done, cut, slow or never answered; limits (v3-protocol §6, §14); weather (v3-protocol §14).

import { expect, test } from 'vitest'
import { ConnectionLost, type FaultName } from '../../src/index.ts'
import { anOrder, aWorld, control, JSAPI, pay, place, query, SECONDS, type World } from '../world.ts'

const order = (world: World) => world.shop.call('POST', JSAPI, anOrder(world))

test('request.refused answers with the code and status of the endpoint, and does nothing', async () => {
  const world = await aWorld()
  world.emulator.faults.add({ fault: 'request.refused', code: 'RULE_LIMIT' })
  expect(world.shop.verified(await order(world))).toMatchObject({ status: 403, body: { code: 'RULE_LIMIT', message: '业务规则限制' } })
  world.emulator.faults.add({ fault: 'request.refused' })
  expect(await order(world)).toMatchObject({ status: 500, body: { code: 'SYSTEM_ERROR' } })
  expect(await query(world)).toMatchObject({ status: 404 })
})

test.each([
  [JSAPI, 'FREQUENCY_LIMITED'],
  ['/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/1', 'FREQUENCY_LIMIT_EXCEED'],
])('answer.http_429 on %s is %s, and nothing is done', async (path, code) => {
  const world = await aWorld()
  world.emulator.faults.add({ fault: 'answer.http_429' })
  const answer = path === JSAPI ? await order(world) : await world.shop.call('GET', path)
  expect(answer).toMatchObject({ status: 429, body: { code, message: '请求频率超过限制' } })
  expect(await query(world)).toMatchObject({ status: 404 })
})

test('answer.truncated promises the whole and sends half; it was acted on', async () => {
  const world = await aWorld()
  world.emulator.faults.add({ fault: 'answer.truncated' })
  const response = await world.shop.send('POST', JSAPI, anOrder(world))
  const reader = response.body?.getReader()
  const first = await reader?.read()
  expect(Number(response.headers.get('Content-Length'))).toBeGreaterThan(first?.value?.byteLength ?? 0)
  await expect(reader?.read()).rejects.toThrow(ConnectionLost)
  expect(await query(world)).toMatchObject({ status: 200 })
})

test('answer.timeout says nothing until its time is over; it was acted on', async () => {
  const world = await aWorld()
  // Of the order alone: whichever signature is ready first, the query is not meant.
  world.emulator.faults.add({ fault: 'answer.timeout', seconds: 30, match: { path: JSAPI } })
  let settled = false
  const waiting = order(world).finally(() => {
    settled = true
  })
  const lost = expect(waiting).rejects.toThrow(ConnectionLost)
  await expect.poll(() => world.emulator.faults.list()).toEqual([])
  await query(world)
  await world.clock.advance(29 * SECONDS)
  expect(settled).toBe(false)
  await world.clock.advance(SECONDS)
  await lost
  expect(await query(world)).toMatchObject({ status: 200 })
})

test('answer.drip brings the whole answer, slowly', async () => {
  const world = await aWorld()
  world.emulator.faults.add({ fault: 'answer.drip' })
  const response = await world.shop.send('POST', JSAPI, anOrder(world))
  let whole = false
  const text = response.text().finally(() => {
    whole = true
  })
  await world.clock.advance(5 * SECONDS)
  expect(whole).toBe(false)
  for (let piece = 0; piece < 10; piece += 1) {
    await world.clock.advance(SECONDS)
    await query(world).catch(() => undefined)
  }
  expect(JSON.parse(await text)).toMatchObject({ prepay_id: expect.any(String) })
})

test('more calls in one second than the limit are refused, per path and merchant', async () => {
  const world = await aWorld()
  await control(world, 'POST', '/behaviour', { rate_limits: { '/v3/pay/transactions/out-trade-no': 2 } })
  await place(world)
  const statuses: number[] = []
  for (let n = 0; n < 3; n += 1) statuses.push((await query(world)).status)
  expect(statuses).toEqual([200, 200, 429])
  expect(world.shop.verified(await query(world))).toMatchObject({ body: { code: 'FREQUENCY_LIMITED', message: '请求频率超过限制' } })
  expect(await order(world)).toMatchObject({ status: 200 })
  await world.clock.advance(SECONDS)
  expect(await query(world)).toMatchObject({ status: 200 })
})

test.each([
  [{ refund_delay_ms: -1 }, 'refund_delay_ms'],
  [{ trade_state_refund: 'never' }, 'trade_state_refund'],
  [{ rate_limits: { '/v3': 0 } }, 'rate_limits'],
  [{ mood: 1 }, 'mood'],
])('behaviour %j is refused, naming the field', async (body, field) => {
  const world = await aWorld()
  const answer = await control(world, 'POST', '/behaviour', body)
  expect(answer).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID', en: expect.stringContaining(field) } })
})

test('behaviour is read and set', async () => {
  const world = await aWorld()
  const set = { refund_delay_ms: 5, trade_state_refund: 'success', rate_limits: { '/v3': 9 } }
  expect(await control(world, 'POST', '/behaviour', set)).toMatchObject({ status: 200, body: set })
  expect(await control(world, 'GET', '/behaviour')).toMatchObject({ body: { ...set, fee_rate: 60 } })
  expect(world.emulator.behaviour).toMatchObject(set)
})

/** Which faults struck ten queries. */
async function struck(seed: number): Promise<(FaultName | undefined)[]> {
  const world = await aWorld()
  await place(world)
  await control(world, 'POST', '/weather', { seed, rates: { 'answer.http_500': 0.3, 'answer.stale': 0.3 } })
  for (let n = 0; n < 10; n += 1) await query(world)
  return world.emulator.requests().map(({ fault }) => fault as FaultName | undefined)
}

test('weather is the same for the same seed, another for another', async () => {
  const first = await struck(7)
  expect(first).toContain('answer.http_500')
  expect(first).toContain(undefined)
  expect(await struck(7)).toEqual(first)
  expect(await struck(8)).not.toEqual(first)
})

test('weather is told, cleared, and refused when it is no weather', async () => {
  const world = await aWorld()
  const weather = { seed: 1, rates: { 'answer.http_500': 1 } }
  expect(await control(world, 'POST', '/weather', weather)).toMatchObject({ body: { weather } })
  expect(await order(world)).toMatchObject({ status: 500 })
  expect(await control(world, 'DELETE', '/weather')).toMatchObject({ status: 200 })
  expect(await control(world, 'GET', '/weather')).toMatchObject({ body: { weather: null } })
  expect(await query(world)).toMatchObject({ status: 200 })
  for (const rates of [undefined, { rain: 1 }, { 'answer.http_500': 2 }]) {
    expect(await control(world, 'POST', '/weather', { seed: 1, rates })).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } })
  }
})

test('notification.delayed waits a minute and is then as it should be', async () => {
  const world = await aWorld()
  world.emulator.faults.add({ fault: 'notification.delayed' })
  await pay(world)
  await world.clock.advance(59 * SECONDS)
  expect(world.endpoint.received).toHaveLength(0)
  await world.clock.advance(SECONDS)
  expect(world.endpoint.received).toHaveLength(1)
  expect(world.emulator.notifications()).toMatchObject([{ state: 'delivered' }])
})

test('notification.disordered lets the next one overtake', async () => {
  const world = await aWorld()
  world.emulator.faults.add({ fault: 'notification.disordered' })
  await pay(world)
  await world.emulator.deliverDue()
  expect(world.endpoint.received).toHaveLength(0)
  await pay(world, { out_trade_no: 'order-0002' })
  await world.emulator.deliverDue()
  const numbers = world.endpoint.received.map(({ body }) => world.shop.open(body)['out_trade_no'])
  expect(numbers).toEqual(['order-0002', 'order-0001'])
})

test('notification.forged opens with no key and verifies with none; the real one follows even when it was accepted', async () => {
  const world = await aWorld()
  world.emulator.faults.add({ fault: 'notification.forged' })
  await pay(world)
  await world.emulator.deliverDue()
  const [forged] = world.endpoint.received
  const text = Buffer.from(forged?.body ?? []).toString('utf8')
  const answer = { status: 200, headers: forged?.headers ?? new Headers(), text, body: {} }
  expect(() => world.shop.verified(answer)).toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }))
  expect(() => world.shop.open(forged?.body ?? new Uint8Array())).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT' }))
  await world.clock.advance(15 * SECONDS)
  expect(world.shop.open(world.endpoint.received[1]?.body ?? new Uint8Array())).toMatchObject({ trade_state: 'SUCCESS' })
})
