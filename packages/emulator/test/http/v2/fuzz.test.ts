// Whatever comes in, v2 and api.weixin.qq.com answer in their own words, under HTTP 200 (v2-protocol §1, miniprogram-server-api §0).

import { readFields } from '@cashdesk/protocol/v2'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MINI_PROGRAM_SPECS, V2_SPECS } from '../../../../../tools/emulator-errors-page.ts'
import { callV2, postV2 } from '../../v2.ts'
import { aWorld, pay } from '../../world.ts'
import { call, stableToken } from '../mini-program/call.ts'

const RUNS = { numRuns: 300 }
const path = fc.constantFrom(...V2_SPECS.map((endpoint) => endpoint.path))

test('any bytes', async () => {
  const world = await aWorld()
  await fc.assert(
    fc.asyncProperty(
      path,
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string().map((text) => `<xml>${text}</xml>`),
      ),
      async (where, text) => {
        const answer = await postV2(world, where, {}, { change: () => text })
        expect(answer.status).toBe(200)
        expect(readFields(await answer.text())).toMatchObject({ return_code: 'FAIL' })
      },
    ),
    RUNS,
  )
  expect(world.emulator.truth().ledger).toEqual([])
})

const FIELDS = [
  'body',
  'attach',
  'out_trade_no',
  'total_fee',
  'openid',
  'sub_mch_id',
  'trade_type',
  'out_refund_no',
  'refund_fee',
  'bill_date',
]
const value = fc.oneof(
  fc.string(),
  fc.integer().map(String),
  fc.constantFrom('sentinel:SYSTEMERROR', 'JSAPI', '20261123', '中文\n<b>&amp;'),
)
/** What XML can carry: the signature is right, the contents are anything. */
const fields = fc.dictionary(
  fc.constantFrom(...FIELDS),
  value.filter((text) => /^[\t\n\x20-\uD7FF]*$/.test(text)),
  { noNullPrototype: true },
)

test('any fields, well signed', async () => {
  const world = await aWorld()
  await fc.assert(
    fc.asyncProperty(path, fields, async (where, given) => {
      const answer = await postV2(world, where, given)
      expect(answer.status).toBe(200)
      expect(['SUCCESS', 'FAIL']).toContain(readFields(await answer.text())['return_code'])
    }),
    RUNS,
  )
  expect(world.emulator.truth().ledger).toEqual([])
})

test('any JSON with a good token', async () => {
  const world = await aWorld()
  const access_token = String((await stableToken(world))['access_token'])
  const endpoint = fc.constantFrom(...MINI_PROGRAM_SPECS)
  await fc.assert(
    fc.asyncProperty(endpoint, fc.oneof(fc.jsonValue(), fc.string()), async ({ method, path: where }, given) => {
      const body = method === 'GET' ? undefined : typeof given === 'string' ? given : JSON.stringify(given)
      const answer = await call(world, method, where, { access_token, openid: JSON.stringify(given) }, body)
      expect(typeof (answer['errcode'] ?? 0)).toBe('number')
    }),
    RUNS,
  )
})

test('a v3 order with a character that XML cannot carry is told of over v2 without it', async () => {
  const world = await aWorld()
  await pay(world, { attach: 'a\ufffeb' })
  expect(await callV2(world, '/pay/orderquery', { out_trade_no: 'order-0001' })).toMatchObject({ trade_state: 'SUCCESS', attach: 'ab' })
})
