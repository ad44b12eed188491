// The limits of an order are WeChat's. They are declared in protocol and again in contract, which may not import it, so both are given the same values here.

import { createOrderRequest } from '@cashdesk/contract'
import { jsapiOrder } from '@cashdesk/protocol/spec'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const ours = { out_trade_no: 'ORDER0001', description: '拿铁', amount: { total: 1 }, payer: { openid: 'o-user' } }
const theirs = { ...ours, appid: 'wx0123456789abcdef', mchid: '1900000001', notify_url: 'https://pay.example.com/n' }

const fields = {
  out_trade_no: ['A'.repeat(5), 'A'.repeat(6), 'A'.repeat(32), 'A'.repeat(33), 'ORDER_-|*1', 'ORDER/0001'],
  description: ['', 'a', '字'.repeat(127), '字'.repeat(128), '☕️🎉', 'a\u0000b'],
  attach: ['', '字'.repeat(42), '字'.repeat(43), 'a'.repeat(128), 'a'.repeat(129)],
  amount: [0, 1, 1.5, 1_000_000_000, 1_000_000_001].map((total) => ({ total })),
  payer: ['', 'o', 'o'.repeat(128), 'o'.repeat(129)].map((openid) => ({ openid })),
}

const cases = Object.entries(fields).flatMap(([field, values]) => values.map((value) => [field, value] as const))

test.each(cases)('%s %j: the merchant API accepts it exactly if WeChat does', (field, value) => {
  const accepted = createOrderRequest.safeParse({ ...ours, [field]: value }).success
  expect(accepted).toBe(jsapiOrder.body?.safeParse({ ...theirs, [field]: value }).success)
})

test('no text that the merchant API accepts is refused by WeChat', () => {
  const text = fc.string({ unit: 'binary', maxLength: 140 })
  fc.assert(
    fc.property(fc.constantFrom('out_trade_no', 'description', 'attach'), text, (field, value) => {
      if (!createOrderRequest.safeParse({ ...ours, [field]: value }).success) return
      expect(jsapiOrder.body?.safeParse({ ...theirs, [field]: value }).success).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
