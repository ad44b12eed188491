// Orders: the mistakes that a compiler can stop.

import { expectTypeOf } from 'vitest'
import type { JsapiInput, PartnerJsapiInput, WechatPay } from '../../src/index.ts'

declare const wechatpay: WechatPay

const order = {
  appid: 'wx8888888888888888',
  description: '拿铁',
  out_trade_no: 'ORDER-0001',
  notify_url: 'https://pay.example.com/notify',
  amount: { total: 2800 },
  payer: { openid: 'o' },
} satisfies JsapiInput

const { appid: sp_appid, payer, ...common } = order
const partnerOrder = { ...common, sp_appid, sub_mchid: '1900000003', payer: { sp_openid: payer.openid } } satisfies PartnerJsapiInput

expectTypeOf(wechatpay.transactions.jsapi(order)).resolves.toHaveProperty('prepay_id').toBeString()
expectTypeOf(wechatpay.partner.jsapi(partnerOrder)).resolves.toHaveProperty('prepay_id').toBeString()
expectTypeOf(wechatpay.transactions.close('ORDER-0001')).resolves.toBeVoid()
expectTypeOf(wechatpay.requestPayment({ appid: 'wx', prepay_id: 'wx01' }))
  .resolves.toHaveProperty('signType')
  .toEqualTypeOf<'RSA'>()

// Money as text, which some platforms send: 1 + '1' is 11 yuan.
// @ts-expect-error An amount is an integer of fen.
void wechatpay.transactions.jsapi({ ...order, amount: { total: '2800' } })

const { payer: _payer, ...unpaid } = order
// An order of nobody cannot be paid in a mini program.
// @ts-expect-error The payer is missing.
void wechatpay.transactions.jsapi(unpaid)

const { sub_mchid: _sub, ...orphan } = partnerOrder
// A provider's order for no one would be paid to the provider.
// @ts-expect-error The sub-merchant is missing.
void wechatpay.partner.jsapi(orphan)

// The direct merchant's fields in a partner order: WeChat answers PARAM_ERROR.
// @ts-expect-error A partner order has sp_appid, not appid.
void wechatpay.partner.jsapi({ ...order, sub_mchid: '1900000003' })

// The signer is the client itself: another merchant's number must not slip in.
// @ts-expect-error The mchid is the client's own.
void wechatpay.transactions.jsapi({ ...order, mchid: '1999999999' })

// A refund without the order's total is refused by WeChat.
// @ts-expect-error amount.total is missing.
void wechatpay.refunds.create({ out_trade_no: 'O', out_refund_no: 'R', amount: { refund: 1, currency: 'CNY' } })

// A time-out is never an answer, so there is no answer that may be undefined (D21).
expectTypeOf(wechatpay.transactions.byOutTradeNo('ORDER-0001')).resolves.not.toBeUndefined()
