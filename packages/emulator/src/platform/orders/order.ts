// One JSAPI order as WeChat keeps it, and its answer at a given moment (v3-endpoints §1–2).

import { beijingTime } from '@cashdesk/protocol'
import type { DirectTransaction, JsapiOrder, PartnerJsapiOrder, PartnerTransaction } from '@cashdesk/protocol/spec'
import type { V2Terms } from '../v2/terms.ts'

export type OrderBody = JsapiOrder | PartnerJsapiOrder

export interface Payment {
  transaction_id: string
  paid_at: number
  bank_type: string
  /** appid → openid of the user who paid. */
  openids: Readonly<Record<string, string>>
  /** A refund has changed trade_state to REFUND. */
  refunded?: boolean
}

export interface Order {
  /** The number that signed the order. */
  mchid: string
  body: OrderBody
  /** Present when the order was made over v2. */
  v2?: V2Terms
  /** The body with sorted keys. A repeated order is compared with it. */
  fingerprint: string
  created_at: number
  /** Epoch ms. From then on it cannot be paid, but its state is still NOTPAY (v3-endpoints §1.2). */
  expires_at: number
  /** Epoch ms. WeChat closes the order then. */
  auto_close_at: number
  closed_at?: number
  /** Newest last. An older prepay_id can still be used until its own 2 hours are over. */
  prepays: { prepay_id: string; made_at: number }[]
  payment?: Payment
}

export const PREPAY_LIFE_MS: number = 2 * 60 * 60 * 1000

export function stateOf(order: Order, now: number): 'SUCCESS' | 'REFUND' | 'CLOSED' | 'NOTPAY' {
  if (order.payment) return order.payment.refunded ? 'REFUND' : 'SUCCESS'
  if (order.closed_at !== undefined || now >= order.auto_close_at) return 'CLOSED'
  return 'NOTPAY'
}

export function isDirect(body: OrderBody): body is JsapiOrder {
  return 'mchid' in body
}

/** The mini program that will call wx.requestPayment, and the openid of its user (v3-protocol §3). */
export function payerOf(body: OrderBody): { appid: string; openid: string } {
  if (isDirect(body)) return { appid: body.appid, openid: body.payer.openid }
  // The schema ensures that exactly one of the two is present, and that sub_openid comes with sub_appid.
  if (body.payer.sub_openid) return { appid: body.sub_appid ?? '', openid: body.payer.sub_openid }
  return { appid: body.sp_appid, openid: body.payer.sp_openid ?? '' }
}

export const STATE_TEXT = { SUCCESS: '支付成功', REFUND: '转入退款', CLOSED: '订单已关闭', NOTPAY: '订单未支付' } as const

/** The answer of a query. Its members are sorted when it is written, as WeChat's are (docs/reference/wechat/live-answers.md). */
export function directTransactionOf(order: Order, { appid, mchid }: JsapiOrder, now: number): DirectTransaction {
  return { appid, mchid, ...queried(order, now), ...directPayer(order, appid) }
}

export function partnerTransactionOf(order: Order, body: PartnerJsapiOrder, now: number): PartnerTransaction {
  const { sp_appid, sp_mchid, sub_mchid } = body
  return { sp_appid, sp_mchid, ...subAppid(body), sub_mchid, ...queried(order, now), ...partnerPayer(order, body) }
}

/** The resource of the payment notification. Its members come in this order, with an attach also when the order had none. */
export function paidNoticeOf(order: Order, now: number): DirectTransaction | PartnerTransaction {
  const { body } = order
  if (isDirect(body)) {
    const { mchid, appid } = body
    return { mchid, appid, ...told(order, now), ...directPayer(order, appid), ...amountTold(order) }
  }
  const { sp_mchid, sub_mchid, sp_appid } = body
  return { sp_mchid, sub_mchid, sp_appid, ...subAppid(body), ...told(order, now), ...partnerPayer(order, body), ...amountTold(order) }
}

function subAppid({ sub_appid }: PartnerJsapiOrder): { sub_appid?: string } {
  return sub_appid === undefined ? {} : { sub_appid }
}

function directPayer({ payment }: Order, appid: string): Pick<DirectTransaction, 'payer'> {
  return payment ? { payer: { openid: payment.openids[appid] } } : {}
}

function partnerPayer({ payment }: Order, { sp_appid, sub_appid }: PartnerJsapiOrder): Pick<PartnerTransaction, 'payer'> {
  if (!payment) return {}
  const sub = sub_appid === undefined ? {} : { sub_openid: payment.openids[sub_appid] }
  return { payer: { sp_openid: payment.openids[sp_appid], ...sub } }
}

/**
 * The fields of both kinds of order in a query. Before the payment, transaction_id, trade_type and the rest of the payment are absent,
 * and scene_info is there even without a device.
 */
function queried(order: Order, now: number) {
  const { body, payment } = order
  const { attach, scene_info } = body
  const { total } = body.amount
  const device_id = scene_info?.device_id
  return {
    ...told(order, now),
    // Before the payment, only an attach that was given is told.
    attach: payment ? (attach ?? '') : attach,
    amount: payment ? paidAmount(total) : { payer_currency: 'CNY', total },
    promotion_detail: [],
    ...((!payment || device_id !== undefined) && { scene_info: { device_id: device_id ?? '' } }),
  }
}

/** The fields up to the time of the payment, in the order of the notification. */
function told(order: Order, now: number) {
  const { body, payment } = order
  const trade_state = stateOf(order, now)
  return {
    out_trade_no: body.out_trade_no,
    ...(payment && { transaction_id: payment.transaction_id, trade_type: 'JSAPI' }),
    trade_state,
    trade_state_desc: STATE_TEXT[trade_state],
    ...(payment && { bank_type: payment.bank_type }),
    attach: body.attach ?? '',
    ...(payment && { success_time: beijingTime(payment.paid_at) }),
  }
}

function amountTold({ body }: Order): Pick<DirectTransaction, 'amount' | 'scene_info'> {
  const device_id = body.scene_info?.device_id
  return { amount: paidAmount(body.amount.total), ...(device_id !== undefined && { scene_info: { device_id } }) }
}

function paidAmount(total: number): { total: number; payer_total: number; currency: 'CNY'; payer_currency: 'CNY' } {
  return { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' }
}
