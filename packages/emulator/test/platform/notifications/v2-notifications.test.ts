// v2's notifications: signed payments, sealed refunds, the answer that counts, and what can be made wrong with them (v2-protocol §10, §11).

import { apiV2Key, openV2Payment, openV2Refund, readFields } from '@cashdesk/protocol/v2'
import { expect, test } from 'vitest'
import { callV2, placeAndPayV2, V2_OK } from '../../v2.ts'
import { aWorld, control, pay, SECONDS, type World } from '../../world.ts'

function trustOf({ emulator }: World) {
  return { key: apiV2Key(emulator.settings.api_v2_key), signType: 'MD5' as const }
}

function bodyAt({ endpoint }: World, index: number): Uint8Array {
  return endpoint.received.at(index)?.body ?? new Uint8Array()
}

function refund(world: World, more: Record<string, string | number> = {}) {
  const fields = {
    out_trade_no: 'v2-order-0001',
    out_refund_no: 'r-1',
    total_fee: 100,
    refund_fee: 100,
    notify_url: 'https://shop.test/v2/refunded',
  }
  return callV2(world, '/secapi/pay/refund', { ...fields, ...more })
}

test('a payment goes out as signed XML with no header of v3', async () => {
  const world = await aWorld()
  await placeAndPayV2(world, { attach: 'a<b>&c' })
  await world.clock.advance(0)
  const [notice] = world.endpoint.received
  expect(notice?.url).toBe('https://shop.test/v2/paid')
  expect(notice?.headers.get('Content-Type')).toBe('text/xml')
  expect(notice?.headers.get('Wechatpay-Signature')).toBeNull()
  expect(openV2Payment(trustOf(world), bodyAt(world, 0))).toMatchObject({
    attach: 'a<b>&c',
    trade_type: 'JSAPI',
    is_subscribe: 'N',
    fee_type: 'CNY',
  })
})

test.each<[string, () => Response]>([
  ['204', () => new Response(null, { status: 204 })],
  ['200 without a word', () => new Response('')],
  ['FAIL', () => new Response(V2_OK.replace('SUCCESS', 'FAIL'))],
  ['SUCCESS under 500', () => new Response(V2_OK, { status: 500 })],
  ['JSON', () => Response.json({ return_code: 'SUCCESS' })],
])('%s is no answer: it comes again after 15 seconds', async (_, answer) => {
  const world = await aWorld()
  world.endpoint.answer = answer
  await placeAndPayV2(world)
  await world.clock.advance(0)
  expect(world.emulator.notifications()).toMatchObject([{ state: 'waiting' }])
  world.endpoint.answer = () => new Response(V2_OK)
  await world.clock.advance(15 * SECONDS)
  expect(world.endpoint.received).toHaveLength(2)
  expect(world.emulator.notifications()).toMatchObject([{ state: 'delivered', deliveries: [{}, { status: 200 }] }])
  // Composed anew each time.
  expect(readFields(bodyAt(world, 0))['nonce_str']).not.toBe(readFields(bodyAt(world, 1))['nonce_str'])
})

test.each([
  ['notification.bad_signature', 'ERR_SIGNATURE_MISMATCH'],
  ['notification.altered', 'ERR_SIGNATURE_MISMATCH'],
  ['notification.forged', 'ERR_SIGNATURE_MISMATCH'],
] as const)('%s of a payment is seen by its signature', async (fault, code) => {
  const world = await aWorld()
  world.emulator.faults.add({ fault })
  await placeAndPayV2(world)
  await world.clock.advance(0)
  expect(() => openV2Payment(trustOf(world), bodyAt(world, 0))).toThrow(expect.objectContaining({ code }))
  await world.clock.advance(15 * SECONDS)
  expect(openV2Payment(trustOf(world), bodyAt(world, 1))).toMatchObject({ total_fee: 100 })
})

test('faults that v2 has no place for wait for a v3 notification', async () => {
  const world = await aWorld()
  world.emulator.faults.add({ fault: 'notification.stale' })
  world.emulator.faults.add({ fault: 'notification.probe' })
  await placeAndPayV2(world)
  await world.clock.advance(0)
  expect(openV2Payment(trustOf(world), bodyAt(world, 0))).toBeDefined()
  expect(world.emulator.faults.list()).toHaveLength(2)
})

test.each([
  ['SUCCESS', 'SUCCESS'],
  ['ABNORMAL', 'CHANGE'],
  ['CLOSED', 'REFUNDCLOSE'],
])('a refund that ends %s is told as %s, sealed and unsigned', async (end, refund_status) => {
  const world = await aWorld()
  await placeAndPayV2(world)
  await refund(world, { refund_desc: `sentinel:${end}` })
  await world.clock.advance(3 * SECONDS)
  const body = bodyAt(world, -1)
  expect(readFields(body)).not.toHaveProperty('sign')
  expect(openV2Refund(trustOf(world), body)).toMatchObject({
    refund_status,
    refund_fee: 100,
    refund_request_source: 'API',
    out_refund_no: 'r-1',
  })
})

test.each(['notification.altered', 'notification.forged'] as const)('%s of a refund does not open', async (fault) => {
  const world = await aWorld()
  await placeAndPayV2(world)
  await world.clock.advance(0)
  world.emulator.faults.add({ fault })
  await refund(world)
  await world.clock.advance(3 * SECONDS)
  // With a stranger's key one padding in 256 happens to be right; then what is inside is no XML.
  const code = fault === 'notification.altered' ? 'ERR_DECRYPT_V2' : expect.stringMatching(/^ERR_/)
  expect(() => openV2Refund(trustOf(world), bodyAt(world, -1))).toThrow(expect.objectContaining({ code }))
})

test('a refund without notify_url, and one made in the console, is told where the merchant platform says', async () => {
  const world = await aWorld()
  const { mchid } = world.emulator.settings
  await pay(world)
  const { transaction_id } = await firstOrder(world)
  await control(world, 'POST', '/refunds', { transaction_id, amount: 10 })
  await world.clock.advance(3 * SECONDS)
  // Only the payment: nobody said where.
  expect(world.endpoint.received).toHaveLength(1)
  const set = await control(world, 'POST', '/refunds/notify-url', { mchid, notify_url: 'https://shop.test/console' })
  expect(set.body).toEqual({ mchid, notify_url: 'https://shop.test/console' })
  await control(world, 'POST', '/refunds', { transaction_id, amount: 20 })
  await world.clock.advance(3 * SECONDS)
  expect(world.endpoint.received.at(-1)?.url).toBe('https://shop.test/console')
  expect(openV2Refund(trustOf(world), bodyAt(world, -1))).toMatchObject({ refund_fee: 20, refund_request_source: 'VENDOR_PLATFORM' })
  await world.shop.call('POST', '/v3/refund/domestic/refunds', {
    transaction_id,
    out_refund_no: 'api-1',
    amount: { refund: 30, total: 100, currency: 'CNY' },
  })
  await world.clock.advance(3 * SECONDS)
  expect(openV2Refund(trustOf(world), bodyAt(world, -1))).toMatchObject({ refund_fee: 30, refund_request_source: 'API' })
})

test('an address for a merchant nobody knows is refused', async () => {
  const world = await aWorld()
  expect((await control(world, 'POST', '/refunds/notify-url', { mchid: '1', notify_url: 'https://shop.test' })).body).toMatchObject({
    code: 'MCHID_UNKNOWN',
  })
})

async function firstOrder(world: World): Promise<{ transaction_id: string }> {
  return ((await control(world, 'GET', '/orders')).body['orders'] as { transaction_id: string }[])[0] ?? { transaction_id: '' }
}
