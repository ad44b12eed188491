// v2 notifications as a server takes them: for this merchant and this program only, from raw bytes only.

import { inspect } from 'node:util'
import { apiV2Key, sealV2Payment, sealV2Refund } from '@cashdesk/protocol/v2'
import { describe, expect, test } from 'vitest'
import { V2_NOTIFICATION_BODY_BYTES_MAX } from '../../src/v2/index.ts'
import { APPID, aWechatV2, errorOf, KEY, MCH_ID, OPENID } from './wechat-v2.ts'

const trust = { key: apiV2Key(KEY), signType: 'HMAC-SHA256' } as const
const { client } = aWechatV2({ answers: {} })
const paid = {
  result_code: 'SUCCESS',
  appid: APPID,
  mch_id: MCH_ID,
  nonce_str: 'n',
  openid: OPENID,
  trade_type: 'JSAPI',
  bank_type: 'CFT',
  total_fee: 2800,
  cash_fee: 2800,
  transaction_id: '42',
  out_trade_no: 'ORDER-0001',
  time_end: '20261124100000',
}
const refund = {
  transaction_id: '42',
  out_trade_no: 'ORDER-0001',
  refund_id: '50',
  out_refund_no: 'R-1',
  total_fee: 2800,
  refund_fee: 15,
  refund_status: 'SUCCESS',
}
const payment = (change: object = {}) => Buffer.from(sealV2Payment(trust, { ...paid, ...change }))
const refunding = (change: object = {}) =>
  Buffer.from(sealV2Refund(trust, { appid: APPID, mch_id: MCH_ID, nonce_str: 'n', ...change }, refund))

test('a payment and a refund', () => {
  expect(client.receivePayment(payment())).toMatchObject({ total_fee: 2800, out_trade_no: 'ORDER-0001' })
  expect(client.receiveRefund(refunding())).toMatchObject({ refund_fee: 15, refund_status: 'SUCCESS', mch_id: MCH_ID })
})

describe.each([
  ['payment', payment, client.receivePayment],
  ['refund', refunding, client.receiveRefund],
])('a %s', (_, make, receive) => {
  test.each([
    ['another merchant', { mch_id: '10000101' }],
    ['another program', { appid: 'wxother' }],
  ])('of %s', (_whose, change) => {
    expect(() => receive(make(change))).toThrow(expect.objectContaining({ code: 'ERR_MESSAGE_TENANT' }))
  })

  test('as a framework parsed it', () => {
    const parsed = { xml: {} } as unknown as Uint8Array
    expect(() => receive(parsed)).toThrow(expect.objectContaining({ code: 'ERR_BODY_PARSED' }))
  })

  test('without measure', () => {
    expect(() => receive(Buffer.alloc(V2_NOTIFICATION_BODY_BYTES_MAX + 1, 0x20))).toThrow(
      expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE' }),
    )
  })
})

test('D16: no error shows the key or the payer', async () => {
  const errors = [
    payment({ mch_id: '10000101' }),
    payment({ total_fee: '1.00' }),
    Buffer.from(payment().toString().replace('2800', '1')),
    Buffer.from('<xml/>'),
  ].map((body) => {
    try {
      return client.receivePayment(body)
    } catch (error) {
      return error
    }
  })
  const refusing = aWechatV2({ answers: { '/pay/orderquery': () => ({ result_code: 'FAIL', err_code: 'ORDERNOTEXIST' }) } }).client
  for (const error of [...errors, await errorOf(refusing.orderQuery({ out_trade_no: 'ORDER-0001' }))]) {
    expect(error).toHaveProperty('code')
    const printed = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error)].join('\n')
    for (const secret of [KEY, OPENID]) expect(printed).not.toContain(secret)
  }
  expect(inspect(client, { depth: 9, showHidden: true })).not.toContain(KEY)
})
