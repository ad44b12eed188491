// Live answers and decrypted notifications of WeChat Pay, as merchants posted them: which members, in which order, and which are empty.
// Every value is made here; only the shape is WeChat's. The table of docs/reference/wechat/live-answers.md names where each was seen.

/** An unpaid order, asked for (posted 2021 to 2023, three merchants). */
export const UNPAID_QUERY = {
  amount: { payer_currency: 'CNY', total: 300 },
  appid: 'wxca5d0000000000d1',
  mchid: '1900000001',
  out_trade_no: 'live-0001',
  promotion_detail: [],
  scene_info: { device_id: '' },
  trade_state: 'NOTPAY',
  trade_state_desc: '订单未支付',
}

/** A paid order without attach, asked for (posted 2023, three merchants). */
export const PAID_QUERY = {
  amount: { currency: 'CNY', payer_currency: 'CNY', payer_total: 300, total: 300 },
  appid: 'wxca5d0000000000d1',
  attach: '',
  bank_type: 'OTHERS',
  mchid: '1900000001',
  out_trade_no: 'live-0001',
  payer: { openid: 'oXXXXXXXXXXXXXXXXXXXXXXXXXXX' },
  promotion_detail: [],
  success_time: '2026-11-24T10:00:00+08:00',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  trade_type: 'JSAPI',
  transaction_id: '4200000000202611240000000001',
}

/** The content of a payment notification without attach (posted 2021 to 2025, eight merchants). */
export const PAID_NOTICE = {
  mchid: '1900000001',
  appid: 'wxca5d0000000000d1',
  out_trade_no: 'live-0001',
  transaction_id: '4200000000202611240000000001',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: '',
  success_time: '2026-11-24T10:00:00+08:00',
  payer: { openid: 'oXXXXXXXXXXXXXXXXXXXXXXXXXXX' },
  amount: { total: 300, payer_total: 300, currency: 'CNY', payer_currency: 'CNY' },
}

/** The envelope of a notification (posted 2021 to 2025, five merchants). */
export const ENVELOPE = {
  id: '00000000-0000-4000-8000-000000000000',
  create_time: '2026-11-24T10:00:00+08:00',
  resource_type: 'encrypt-resource',
  event_type: 'TRANSACTION.SUCCESS',
  summary: '支付成功',
  resource: { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM', ciphertext: '', associated_data: 'transaction', nonce: '' },
}

/** A refund just made (posted 2024, with all headers). */
export const REFUND = {
  amount: {
    currency: 'CNY',
    discount_refund: 0,
    from: [],
    payer_refund: 100,
    payer_total: 300,
    refund: 100,
    refund_fee: 1,
    settlement_refund: 100,
    settlement_total: 300,
    total: 300,
  },
  channel: 'ORIGINAL',
  create_time: '2026-11-24T10:00:00+08:00',
  funds_account: 'UNSETTLED',
  out_refund_no: 'live-refund-1',
  out_trade_no: 'live-0001',
  promotion_detail: [],
  refund_id: '50300000002026112400000000001',
  status: 'PROCESSING',
  transaction_id: '4200000000202611240000000001',
  user_received_account: '支付用户零钱',
}

/** The content of a refund notification (posted 2021 to 2023, four merchants). */
export const REFUND_NOTICE = {
  mchid: '1900000001',
  out_trade_no: 'live-0001',
  transaction_id: '4200000000202611240000000001',
  out_refund_no: 'live-refund-1',
  refund_id: '50300000002026112400000000001',
  refund_status: 'SUCCESS',
  success_time: '2026-11-24T10:00:03+08:00',
  amount: { total: 300, refund: 100, payer_total: 300, payer_refund: 100 },
  user_received_account: '支付用户零钱',
}

/** A share of which the rest is released, just made (posted 2021). */
export const SHARE = {
  order_id: '30080000000000000000000000001',
  out_order_no: 'live-share-1',
  receivers: [
    {
      account: '1900000002',
      amount: 50,
      create_time: '2026-11-24T10:01:00+08:00',
      description: '分给服务商',
      detail_id: '3600000000000000000000000001',
      finish_time: '1970-01-01T08:00:00+08:00',
      result: 'PENDING',
      type: 'MERCHANT_ID',
    },
    {
      account: '1900000001',
      amount: 248,
      create_time: '2026-11-24T10:01:00+08:00',
      description: '解冻给分账方',
      detail_id: '3600000000000000000000000002',
      finish_time: '1970-01-01T08:00:00+08:00',
      result: 'PENDING',
      type: 'MERCHANT_ID',
    },
  ],
  state: 'PROCESSING',
  transaction_id: '4200000000202611240000000001',
}

/** A value out of range (posted 2022 to 2026, four merchants). */
export const PARAM_ERROR = { code: 'PARAM_ERROR', detail: { location: 'body', value: 0 }, message: '' }

/** A wrong signature (posted 2021). */
export const SIGN_ERROR = {
  code: 'SIGN_ERROR',
  detail: {
    detail: { issue: 'sign not match' },
    field: 'signature',
    location: 'authorization',
    sign_information: { method: 'POST', sign_message_length: 1, truncated_sign_message: '', url: '' },
  },
  message: '签名错误',
}

/** A business refusal without detail (posted 2024, with all headers). */
export const NOT_ENOUGH = { code: 'NOT_ENOUGH', message: '' }
