// v2 notifications: a payment counts only if it is complete and signed, a refund only if it is sealed; every error is typed.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CashdeskError } from '../../src/index.ts'
import {
  apiV2Key,
  formatFields,
  isV2ReplyOk,
  openV2Payment,
  openV2Refund,
  sealReqInfo,
  sealV2,
  sealV2Payment,
  sealV2Refund,
  V2_REPLY_OK,
  type V2Trust,
  v2ReplyFail,
} from '../../src/v2/index.ts'
import { mutations } from './mutations.ts'

const trust: V2Trust = { key: apiV2Key('192006250b4c09247ec02edce69f6a2d'), signType: 'HMAC-SHA256' }
const paid = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid: 'wx2421b1c4370ec43b',
  mch_id: '10000100',
  nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
  openid: 'oUpF8uMEb4qRXf22hE3X68TekukE',
  trade_type: 'JSAPI',
  bank_type: 'CFT',
  total_fee: 2800,
  cash_fee: 2700,
  coupon_count: 1,
  coupon_fee_0: 100,
  coupon_id_0: '10000',
  attach: '支付测试',
  transaction_id: '1004400740201409030005092168',
  out_trade_no: '1409811653',
  time_end: '20140903131540',
}
const refunded = {
  transaction_id: '1004400740201409030005092168',
  out_trade_no: '1409811653',
  refund_id: '50000203702026010101461713166',
  out_refund_no: 'R-1',
  total_fee: 2800,
  refund_fee: 15,
  settlement_refund_fee: 15,
  refund_status: 'SUCCESS',
  success_time: '2026-01-01 02:45:49',
  refund_recv_accout: '支付用户零钱',
}
const whose = { appid: paid.appid, mch_id: paid.mch_id, nonce_str: 'n' }

test('a payment is read with integer amounts and counts, and ids as text', () => {
  expect(openV2Payment(trust, sealV2Payment(trust, paid))).toEqual({ ...paid, sign: expect.stringMatching(/^[0-9A-F]{64}$/) })
})

test('a refund is opened and read', () => {
  const opened = openV2Refund(trust, sealV2Refund(trust, whose, refunded))
  expect(opened).toEqual({ ...refunded, appid: paid.appid, mch_id: paid.mch_id })
  expect(openV2Refund(trust, sealV2Refund(trust, { ...whose, sub_mch_id: '1900000003' }, refunded))).toMatchObject({
    sub_mch_id: '1900000003',
  })
})

describe('D25', () => {
  const needed = [
    'return_code',
    'result_code',
    'appid',
    'mch_id',
    'openid',
    'total_fee',
    'cash_fee',
    'transaction_id',
    'out_trade_no',
    'time_end',
  ]
  test.each(needed)('a signed payment without %s is refused', (name) => {
    const xml = sealV2(trust, { ...paid, [name]: undefined })
    expect(() => openV2Payment(trust, xml)).toThrow(expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE' }))
  })

  test('a payment without sign is refused, whatever it says', () => {
    for (const fields of [paid, { ...paid, return_code: 'FAIL' }, { return_code: 'SUCCESS', result_code: 'SUCCESS' }]) {
      expect(() => openV2Payment(trust, formatFields(fields))).toThrow(expect.objectContaining({ code: 'ERR_SIGN_MISSING' }))
    }
  })

  test('a signed failure is not a payment', () => {
    expect(() => openV2Payment(trust, sealV2(trust, { ...paid, result_code: 'FAIL' }))).toThrow(
      expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE' }),
    )
  })

  test.each(['out_trade_no', 'out_refund_no', 'refund_id', 'refund_fee', 'refund_status'])('a refund without %s is refused', (name) => {
    const xml = sealV2Refund(trust, whose, { ...refunded, [name]: undefined })
    expect(() => openV2Refund(trust, xml)).toThrow(expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE' }))
  })

  test.each(['appid', 'mch_id'])('a refund that does not say whose it is is refused: %s', (name) => {
    expect(() => openV2Refund(trust, sealV2Refund(trust, { ...whose, [name]: '' }, refunded))).toThrow(
      expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE' }),
    )
  })
})

test.each(['28.00', '2.8e3', '-1', '0x1', '01', ' 1', '1 ', '１', '9'.repeat(17), 'NaN'])('D32: %j is not a count of fen', (total_fee) => {
  expect(() => openV2Payment(trust, sealV2(trust, { ...paid, total_fee }))).toThrow(expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE' }))
})

describe('D27: for any input', () => {
  const typedOnly = (act: () => unknown): unknown => {
    try {
      return act()
    } catch (error) {
      if (error instanceof CashdeskError) return 'refused'
      throw error
    }
  }

  test('a damaged payment is never accepted as another payment, and never causes an untyped error', () => {
    const xml = sealV2Payment(trust, paid)
    const whole = openV2Payment(trust, xml)
    fc.assert(
      fc.property(mutations(xml), (damaged) => {
        const result = typedOnly(() => openV2Payment(trust, damaged))
        // White space between fields is not part of the message.
        if (result !== 'refused') expect(result).toEqual(whole)
      }),
      { numRuns: 20_000 },
    )
  })

  test('a damaged refund never causes an untyped error', () => {
    fc.assert(
      fc.property(mutations(sealV2Refund(trust, whose, refunded)), (damaged) => {
        typedOnly(() => openV2Refund(trust, damaged))
      }),
      { numRuns: 10_000 },
    )
  })

  test('damage inside the sealed part of a refund never causes an untyped error', () => {
    fc.assert(
      fc.property(mutations(formatFields(refunded, 'root')), (damaged) => {
        const outer = formatFields({ return_code: 'SUCCESS', ...whose, req_info: sealReqInfo(trust.key, damaged.toString()) })
        typedOnly(() => openV2Refund(trust, outer))
      }),
      { numRuns: 10_000 },
    )
  })

  test.each(['', '<xml/>', '<xml></xml>', 'null', '{}', '<xml><return_code>SUCCESS</return_code></xml>'])('%j', (body) => {
    expect(typedOnly(() => openV2Payment(trust, body))).toBe('refused')
    expect(typedOnly(() => openV2Refund(trust, body))).toBe('refused')
  })
})

test('only the answer SUCCESS stops WeChat from sending it again', () => {
  expect(V2_REPLY_OK).toBe('<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>')
  expect(isV2ReplyOk(V2_REPLY_OK)).toBe(true)
  for (const reply of [v2ReplyFail('验签失败'), '', 'success', '<html>', '{"code":"SUCCESS"}']) expect(isV2ReplyOk(reply)).toBe(false)
})
