// Refunds in v2: asked for over mutual TLS, queried as rows.

import { describe, expect, test } from 'vitest'
import { aWechatV2, errorOf } from './wechat-v2.ts'

const request = { out_trade_no: 'ORDER-0001', out_refund_no: 'R-1@x', total_fee: 2800, refund_fee: 800 }
const taken = { ...request, transaction_id: '42', refund_id: '50' }

test('a refund that WeChat took on', async () => {
  const { client, seen } = aWechatV2({ answers: { '/secapi/pay/refund': () => taken } })
  expect(await client.refund({ ...request, refund_desc: '不要了' })).toMatchObject(taken)
  expect(seen[0]?.fields).toMatchObject({ refund_fee: '800', refund_desc: '不要了' })
})

test('without a client certificate nothing is sent', async () => {
  const { client, seen } = aWechatV2({ answers: {}, mutualFetch: undefined })
  expect(await errorOf(client.refund(request))).toBeInstanceOf(TypeError)
  expect(seen).toEqual([])
})

test.each([
  ['more than was paid', { refund_fee: 2801 }],
  ['D32: yuan', { refund_fee: 8.01 }],
  ['no order', { out_trade_no: undefined }],
  ['a number with blanks', { out_refund_no: 'R 1' }],
])('%s: not sent', async (_, change) => {
  const { client, seen } = aWechatV2({ answers: {} })
  expect(await errorOf(client.refund({ ...request, ...change }))).toMatchObject({ code: 'ERR_REQUEST_INVALID', outcome: 'refused' })
  expect(seen).toEqual([])
})

test.each([
  ['NOTENOUGH', 'refused'],
  ['TRADE_OVERDUE', 'refused'],
  ['SYSTEMERROR', 'unknown'],
  ['BIZERR_NEED_RETRY', 'unknown'],
  ['ERROR', 'unknown'],
])('%s: %s', async (err_code, outcome) => {
  const { client } = aWechatV2({ answers: { '/secapi/pay/refund': () => ({ result_code: 'FAIL', err_code, err_code_des: 'why' }) } })
  expect(await errorOf(client.refund(request))).toMatchObject({ outcome, refusal: { code: err_code } })
})

test('an answer about another refund is not believed', async () => {
  const { client } = aWechatV2({ answers: { '/secapi/pay/refund': () => ({ ...taken, out_refund_no: 'R-2' }) } })
  expect(await errorOf(client.refund(request))).toMatchObject({ code: 'ERR_ANSWER_UNTRUSTED', outcome: 'unknown' })
})

describe('query', () => {
  const answer = {
    transaction_id: '42',
    out_trade_no: 'ORDER-0001',
    total_fee: 2800,
    refund_count: 2,
    out_refund_no_0: 'R-1',
    refund_id_0: '50',
    refund_fee_0: 800,
    refund_status_0: 'SUCCESS',
    refund_recv_accout_0: '支付用户零钱',
    refund_success_time_0: '2026-11-24 10:00:00',
    coupon_refund_fee_0: 100,
    coupon_refund_id_0_0: '10000',
    coupon_refund_fee_0_0: 100,
    out_refund_no_1: 'R-2',
    refund_id_1: '51',
    refund_fee_1: 700,
    refund_status_1: 'CHANGE',
  }
  const asking = (fields: Record<string, string | number>) => aWechatV2({ answers: { '/pay/refundquery': () => fields } }).client

  test('numbered fields become rows', async () => {
    expect(await asking(answer).refundQuery({ out_trade_no: 'ORDER-0001' })).toEqual({
      transaction_id: '42',
      out_trade_no: 'ORDER-0001',
      total_fee: 2800,
      refund_count: 2,
      total_refund_count: undefined,
      refunds: [
        {
          out_refund_no: 'R-1',
          refund_id: '50',
          refund_fee: 800,
          refund_status: 'SUCCESS',
          refund_recv_accout: '支付用户零钱',
          refund_success_time: '2026-11-24 10:00:00',
          coupon_refund_fee: 100,
          coupon_refund_id_0: '10000',
          coupon_refund_fee_0: 100,
        },
        { out_refund_no: 'R-2', refund_id: '51', refund_fee: 700, refund_status: 'CHANGE' },
      ],
    })
    expect((await asking(answer).refundQuery({ out_refund_no: 'R-2' })).refunds).toHaveLength(2)
  })

  test.each([
    ['another refund', answer, { out_refund_no: 'R-9' }],
    ['another order', answer, { out_trade_no: 'ORDER-0002' }],
    ['a row less than counted', { ...answer, refund_count: 3 }, { out_trade_no: 'ORDER-0001' }],
    ['a row without status', { ...answer, refund_status_1: '' }, { out_trade_no: 'ORDER-0001' }],
    ['no row', { ...answer, refund_count: 0 }, { out_trade_no: 'ORDER-0001' }],
    ['rows without end', { ...answer, refund_count: 1_000_000 }, { out_trade_no: 'ORDER-0001' }],
  ])('%s is not believed', async (_, fields, key) => {
    expect(await errorOf(asking(fields).refundQuery(key))).toMatchObject({ code: 'ERR_ANSWER_UNTRUSTED' })
  })

  test('a refund WeChat never heard of', async () => {
    expect(await errorOf(asking({ result_code: 'FAIL', err_code: 'REFUNDNOTEXIST' }).refundQuery({ out_refund_no: 'R-9' }))).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'REFUNDNOTEXIST' },
    })
  })
})
