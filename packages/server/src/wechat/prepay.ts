// The steps of every payment: it is begun in a transaction, WeChat is asked outside
// it, and the prepay_id is stored in another; the result is the signed payment fields.

import { beginPayment, type Order, type PayAttempt, type Payer, prepaid, refuse } from '@cashdesk/domain'
import { ApiError, isRefused, type RequestPayment } from '@cashdesk/sdk'
import { StoreError, type Tx } from '@cashdesk/store'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'
import type { Merchant } from './merchant.ts'
import { keepSaid, saidFields, supportId, wechatSaid } from './said.ts'

/** An order that has a usable prepay_id, or for which WeChat must be asked. */
export type Begun = Pick<Extract<PayAttempt, { ok: true }>, 'order' | 'next'>

/** The order after a payment has begun; nothing is written yet. @throws Problem when it cannot be paid */
export function beginning(merchant: Merchant, order: Order, payer: Payer | null, now: number): Begun {
  const who = payer ?? (order.appid !== null && order.openid !== null ? { appid: order.appid, openid: order.openid } : null)
  if (!who) throw new Problem('payer_missing')
  const attempt = beginPayment(order, who, merchant.request, now)
  if (!attempt.ok) throw refusal(attempt)
  if (attempt.next === 'ask WeChat') merchant.admit()
  return attempt
}

/** Begins a payment of an order that this transaction has locked. @throws Problem when it cannot be paid */
export async function begin(tx: Tx, merchant: Merchant, order: Order, payer: Payer | null, now: number): Promise<Begun> {
  if (order.state === 'failed') throw await failed(tx, order)
  const begun = beginning(merchant, order, payer, now)
  const step = { order: begun.order, events: [], incidents: [] }
  return { next: begun.next, order: await tx.orders.record(order, step, { source: 'api' }, now) }
}

/** The problem for a failed order, with what WeChat said when it refused it. */
async function failed(tx: Tx, { merchant, out_trade_no, failure }: Order): Promise<Problem> {
  const said = (await tx.refusals.ofOrder(merchant, out_trade_no)).find(({ op, code }) => op === 'place' && code === failure)
  const wechat = said && { code: said.code, message: said.message, field: said.field, request_id: said.request_id }
  return new Problem('order_failed', { wechat_code: failure ?? undefined, wechat, support_id: said?.support_id ?? undefined })
}

export interface Payment {
  order: Order
  fields: RequestPayment
}

/** Finishes a begun payment, after its transaction has committed. @throws Problem */
export async function finish(world: World, merchant: Merchant, { order, next }: Begun): Promise<Payment> {
  const ready = next === 'ask WeChat' ? await askWechat(world, merchant, order) : order
  return { order: ready, fields: await fields(merchant, ready) }
}

async function askWechat(world: World, merchant: Merchant, order: Order): Promise<Order> {
  const { out_trade_no } = order
  let prepay_id: string
  try {
    ;({ prepay_id } = await merchant.place(order.request ?? ''))
  } catch (error) {
    throw await afterFailure(world, merchant, order, error)
  }
  const now = world.clock.now()
  const after = await world.store.transaction((tx) => keep(tx, order, prepay_id, now))
  world.log('order.prepaid', { merchant: merchant.id, out_trade_no, state: after.state })
  // The order was closed meanwhile, or paid by an earlier attempt: this prepay_id is not returned.
  if (after.state !== 'pending') throw new Problem(after.state === 'paid' ? 'order_paid' : 'order_closed')
  return after
}

/** Stores the prepay_id. The order has rarely changed since `begin`, so it is read again only after a version conflict. */
async function keep(tx: Tx, order: Order, prepay_id: string, now: number): Promise<Order> {
  try {
    return await tx.orders.record(order, prepaid(order, prepay_id, now), { source: 'api' }, now)
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_CONFLICT') throw error
    const current = await tx.orders.lock(order.merchant, order.out_trade_no)
    if (!current) throw new Problem('not_found')
    return tx.orders.record(current, prepaid(current, prepay_id, now), { source: 'api' }, now)
  }
}

/** A certain refusal may end the order. After any other failure it stays open, and the schedule checks it again. */
async function afterFailure(world: World, merchant: Merchant, order: Order, error: unknown): Promise<Problem> {
  const { out_trade_no, openid } = order
  const said = wechatSaid(error, [openid])
  const support_id = supportId(world.random)
  world.log('order.place_failed', { merchant: merchant.id, out_trade_no, ...saidFields(error, [openid]), support_id })
  const extras = { wechat_code: said?.code, wechat: said, support_id }
  // Without an answer by WeChat its decision is unknown, or no request was sent: the order stays open, and the same request may be repeated.
  if (!(error instanceof ApiError)) return new Problem('wechat_unreachable', extras, { cause: error })
  const now = world.clock.now()
  // Only HTTP 400 is a verdict on the order. 401, 403 and 429 concern our key or our rate; the order stays open.
  const ends = isRefused(error) && error.refusal.status < 401
  await world.store.transaction(async (tx) => {
    const current = await tx.orders.lock(merchant.id, out_trade_no)
    if (!current) return
    await keepSaid(tx, { merchant: merchant.id, out_trade_no, out_refund_no: null, op: 'place', openid }, error, now, support_id)
    if (!ends) return
    const { code, request_id } = error.refusal
    await tx.orders.record(current, refuse(current, code, { wechat: { ...said } }), { source: 'api', ref: request_id }, now)
  })
  return new Problem(isRefused(error) ? 'wechat_refused' : 'wechat_unreachable', extras, { cause: error })
}

async function fields(merchant: Merchant, order: Order): Promise<RequestPayment> {
  if (order.appid === null || order.prepay_id === null) throw new TypeError('a pending order has an appid and a prepay_id')
  return merchant.wechatpay.requestPayment({ appid: order.appid, prepay_id: order.prepay_id })
}

function refusal(attempt: Extract<PayAttempt, { ok: false }>): Problem {
  switch (attempt.refusal) {
    case 'ORDER_PAID':
      return new Problem('order_paid')
    case 'ORDER_CLOSED':
      return new Problem('order_closed')
    case 'ORDER_EXPIRED':
      return new Problem('order_expired')
    case 'ORDER_IN_REVIEW':
      return new Problem('order_in_review')
    case 'PAYER_DIFFERS':
      return new Problem('payer_differs')
  }
}
