// B12: small things that clients of others stumbled over.

import { expect, test } from 'vitest'
import { withToken } from './http/mini-program/call.ts'
import { aV2Order, callV2 } from './v2.ts'
import { aWorld, HOURS, pay } from './world.ts'

test.each([
  ['ALL_SPECIAL', ['SUCCESS']],
  ['SUC_SPECIAL', ['SUCCESS']],
  ['REF_SPECIAL', undefined],
  ['RECHARGE_REFUND', undefined],
])('B12: a trade bill of type %s', async (bill_type, states) => {
  const world = await aWorld()
  await pay(world)
  await world.clock.advance(24 * HOURS)
  const answer = await world.shop.call('GET', `/v3/bill/tradebill?bill_date=2026-11-24&bill_type=${bill_type}`)
  expect(answer).toMatchObject(states ? { status: 200 } : { status: 400, body: { code: 'NO_STATEMENT_EXIST' } })
  if (!states) return
  const { pathname, search } = new URL(String(answer.body['download_url']))
  const file = await (await world.shop.download(pathname + search)).text()
  expect(file.split('\r\n').filter((line) => line.includes('`SUCCESS')).length).toBe(states.length)
})

test('B12: v2 takes receipt N', async () => {
  const world = await aWorld()
  const order = aV2Order(world)
  expect(await callV2(world, '/pay/unifiedorder', { ...order, receipt: 'N' })).toMatchObject({ result_code: 'SUCCESS' })
})

test('B12: an order of a direct merchant in shipping management has an empty sub_merchant_id', async () => {
  const world = await aWorld()
  await pay(world)
  const { mchid } = world.emulator.settings
  const asked = await withToken(world, '/wxa/sec/order/get_order', { merchant_id: mchid, merchant_trade_no: 'order-0001' })
  expect(asked).toMatchObject({ errcode: 0, order: { merchant_id: mchid, sub_merchant_id: '' } })
})
