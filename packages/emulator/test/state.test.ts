// What happened survives a restart: orders, money, refunds under way, notifications on their schedule, the moved clock.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RunningEmulator, startEmulator } from '../src/index.ts'
import { withToken } from './http/mini-program/call.ts'
import { callV2, placeAndPayV2, V2_OK } from './v2.ts'
import { aMerchant, anOrder, aWorld, control, HOURS, JSAPI, pay, query, REFUNDS, refund, SECONDS } from './world.ts'

test('another emulator goes on where the first one stopped', async () => {
  const first = await aWorld()
  first.endpoint.answer = () => new Response(null, { status: 500 })
  await pay(first)
  await first.emulator.deliverDue()
  await refund(first)
  const state = JSON.parse(JSON.stringify(first.emulator.state()))

  const second = await aWorld({ state })
  expect((await query(second)).body).toMatchObject({ trade_state: 'REFUND' })
  expect(second.emulator.truth()).toEqual(first.emulator.truth())
  await second.clock.advance(15 * SECONDS)
  expect(second.endpoint.received.map(({ url }) => url)).toEqual(['https://shop.test/refunded', 'https://shop.test/notify'])
  expect(await second.shop.call('GET', `${REFUNDS}/refund-1`)).toMatchObject({ body: { status: 'SUCCESS' } })
  expect(await refund(second)).toMatchObject({ status: 200, body: { status: 'SUCCESS' } })
})

test('v2 goes on too: its notification, its refund under way, and the address for refunds nobody asked for by API', async () => {
  const first = await aWorld()
  first.endpoint.answer = () => new Response('later')
  await placeAndPayV2(first)
  await first.emulator.deliverDue()
  const refunded = { out_trade_no: 'v2-order-0001', out_refund_no: 'r-1', total_fee: 100, refund_fee: 40 }
  await callV2(first, '/secapi/pay/refund', refunded)
  await control(first, 'POST', '/refunds/notify-url', { mchid: first.emulator.settings.mchid, notify_url: 'https://shop.test/console' })
  const state = JSON.parse(JSON.stringify(first.emulator.state()))

  const second = await aWorld({ state })
  second.endpoint.answer = () => new Response(V2_OK)
  await second.clock.advance(15 * SECONDS)
  expect(second.endpoint.received.map(({ url }) => url)).toEqual(['https://shop.test/console', 'https://shop.test/v2/paid'])
  expect(second.emulator.notifications()).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }])
})

test('a mini program goes on: sessions, subscriptions, shipping and its settlement, where pushes go', async () => {
  const first = await aWorld()
  first.endpoint.answer = () => new Response(new URL(first.endpoint.received.at(-1)?.url ?? '').searchParams.get('echostr') ?? 'success')
  const { appid, mchid, users } = first.emulator.settings
  const openid = users[0]?.openid ?? ''
  await control(first, 'POST', '/message-push', { appid, url: 'https://shop.test/push', token: 'CashdeskPush1' })
  await control(first, 'POST', '/subscriptions', { appid, template_id: 'T1' })
  await pay(first)
  const upload = {
    order_key: { order_number_type: 1, mchid, out_trade_no: 'order-0001' },
    logistics_type: 4,
    delivery_mode: 1,
    shipping_list: [{ item_desc: '自提' }],
    upload_time: '2026-11-24T10:00:00+08:00',
    payer: { openid },
  }
  expect(await withToken(first, '/wxa/sec/order/upload_shipping_info', upload)).toMatchObject({ errcode: 0 })
  await first.emulator.deliverDue()
  const state = JSON.parse(JSON.stringify(first.emulator.state()))

  const second = await aWorld({ state })
  second.endpoint.answer = () => new Response('success')
  await second.clock.advance(48 * HOURS)
  expect(second.endpoint.received.map(({ url }) => new URL(url).pathname)).toEqual(['/push'])
  const message = { touser: openid, template_id: 'T1', data: { thing1: { value: 'x' } } }
  expect(await withToken(second, '/cgi-bin/message/subscribe/send', message)).toMatchObject({ errcode: 0 })
})

async function order(running: RunningEmulator): Promise<number> {
  const { settings, clock } = running.emulator
  const merchant = aMerchant(running.emulator, clock, settings.mchid, settings)
  return (await merchant.call('POST', JSAPI, anOrder(running, { description: '同一订单' }))).status
}

test('a state file is written at the end and read at the start, the moved clock with it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'emulator-state-'))
  const options = { port: 0, dir, stateFile: join(dir, 'state.json') }
  try {
    const first = await startEmulator(options)
    expect(await order(first)).toBe(200)
    await first.emulator.clock.advance(HOURS)
    await first.close()
    const second = await startEmulator(options)
    expect(second.emulator.clock.offset_ms()).toBe(HOURS)
    expect(JSON.parse(await readFile(options.stateFile, 'utf8')).orders).toHaveLength(1)
    expect(await order(second)).toBe(200)
    await second.close()
    await writeFile(options.stateFile, '{"version":0}')
    await expect(startEmulator(options)).rejects.toThrow('is not a state of this version')
  } finally {
    await rm(dir, { recursive: true })
  }
})
