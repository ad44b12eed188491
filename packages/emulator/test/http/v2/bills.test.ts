// downloadbill and downloadfundflow: files, and refusals in their own words (v2-protocol §9).

import { gunzipSync } from 'node:zlib'
import { parseBillTable } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { callV2, placeAndPayV2, postV2 } from '../../v2.ts'
import { aWorld, HOURS, MINUTES, type World } from '../../world.ts'

const BILL = '/pay/downloadbill'
const FUNDS = '/pay/downloadfundflow'
const DAY = { bill_date: '20261124' }

async function nextDay(): Promise<World> {
  const world = await aWorld()
  await placeAndPayV2(world)
  // 10:00 of the next day.
  await world.clock.advance(24 * HOURS)
  return world
}

test('a bill is the file itself, plain or packed', async () => {
  const world = await nextDay()
  const plain = await postV2(world, BILL, { ...DAY, bill_type: 'ALL' })
  expect(plain.headers.get('Content-Type')).toMatch(/^text\/plain/)
  const text = await plain.text()
  expect(parseBillTable(text).rows).toMatchObject([{ 商户订单号: 'v2-order-0001', 订单金额: '1.00' }])
  const packed = await postV2(world, BILL, { ...DAY, tar_type: 'GZIP' })
  expect(
    gunzipSync(await packed.arrayBuffer())
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  ).toBe(text.replace(/^\uFEFF/, ''))
})

test('no bill, not yet, wrong words', async () => {
  const world = await nextDay()
  const none = { return_code: 'FAIL', return_msg: 'No Bill Exist', error_code: '20002' }
  expect(await callV2(world, BILL, { bill_date: '20261123' })).toEqual(none)
  expect(await callV2(world, BILL, { ...DAY, bill_type: 'REFUND' })).toEqual(none)
  expect(await callV2(world, BILL, { ...DAY, bill_type: 'RECHARGE_REFUND' })).toEqual(none)
  expect(await callV2(world, BILL, { ...DAY, bill_type: 'EVERYTHING' })).toMatchObject({ return_msg: 'invalid bill_type' })
  expect(await callV2(world, BILL, { bill_date: '2026-11-24' })).toMatchObject({ return_msg: 'data format error' })
  expect(await callV2(world, BILL, { bill_date: '20261131' })).toMatchObject({ return_msg: 'data format error' })
  expect(await callV2(world, BILL, {})).toMatchObject({ return_msg: 'missing parameter' })
})

test('between nine and ten it is being made', async () => {
  const world = await aWorld()
  await placeAndPayV2(world)
  await world.clock.advance(23 * HOURS + 30 * MINUTES)
  expect(await callV2(world, BILL, DAY)).toMatchObject({ return_code: 'FAIL', return_msg: 'Bill Creating' })
  const funds = { ...DAY, account_type: 'Basic' }
  expect(await callV2(world, FUNDS, funds, { signType: 'HMAC-SHA256' })).toMatchObject({ err_code: 'BILL_CREATING' })
})

test('the fund flow bill takes HMAC-SHA256 only', async () => {
  const world = await nextDay()
  const funds = { ...DAY, account_type: 'Basic' }
  expect(await callV2(world, FUNDS, funds)).toMatchObject({ result_code: 'FAIL', err_code: 'SIGN_ERROR' })
  const file = await postV2(world, FUNDS, funds, { signType: 'HMAC-SHA256' })
  expect(parseBillTable(await file.text()).rows).toHaveLength(2)
  expect(await callV2(world, FUNDS, { ...DAY, account_type: 'Fees' }, { signType: 'HMAC-SHA256' })).toMatchObject({
    err_code: 'NO_BILL_EXIST',
  })
})
