// What ends in signed payment fields, however it began: a payment is begun in a transaction, WeChat is asked outside it, its answer kept in another.

import { beginPayment, type Order, type PayAttempt, type Payer, prepaid, refuse } from '@cashdesk/domain'
import { ApiError, isRefused, type RequestPayment } from '@cashdesk/sdk'
import { StoreError, type Tx } from '@cashdesk/store'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'
import type { Merchant } from './merchant.ts'
import { keepSaid, saidFields, supportId, wechatSaid } from './said.ts'

/** An order with a usable prepay_id, or one for which WeChat must be asked. */
export type Begun = Pick<Extract<PayAttempt, { ok: true }>, 'order' | 'next'>

/** What a payment makes of an order, not yet written. @throws Problem for what stands in the way */
export function beginning(merchant: Merchant, order: Order, payer: Payer | null, now: number): Begun {
  const who = payer ?? (order.appid !== null && order.openid !== null ? { appid: order.appid, openid: order.openid } : null)
  if (!who) throw new Problem('payer_missing')
  const attempt = beginPayment(order, who, merchant.request, now)
  if (!attempt.ok) throw refusal(attempt)
  if (attempt.next === 'ask WeChat') merchant.admit()
  return attempt
}

/** Of an order that this transaction holds. @throws Problem for what stands in the way */
export async function begin(tx: Tx, merchant: Merchant, order: Order, payer: Payer | null, now: number): Promise<Begun> {
  if (order.state === 'failed') throw await failed(tx, order)
  const begun = beginning(merchant, order, payer, now)
  const step = { order: begun.order, events: [], incidents: [] }
  return { next: begun.next, order: await tx.orders.record(order, step, { source: 'api' }, now) }
}

/** What WeChat said when it refused this order. */
async function failed(tx: Tx, { merchant, out_trade_no, failure }: Order): Promise<Problem> {
  const said = (await tx.refusals.ofOrder(merchant, out_trade_no)).find(({ op, code }) => op === 'place' && code === failure)
  const wechat = said && { code: said.code, message: said.message, field: said.field, request_id: said.request_id }
  return new Problem('order_failed', { wechat_code: failure ?? undefined, wechat, support_id: said?.support_id ?? undefined })
}

export interface Payment {
  order: Order
  fields: RequestPayment
}

/** What was begun, after its transaction. @throws Problem */
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
  // Meanwhile closed, or paid by an earlier attempt: the prepay_id is dropped unseen.
  if (after.state !== 'pending') throw new Problem(after.state === 'paid' ? 'order_paid' : 'order_closed')
  return after
}

/** Nearly always the order is as we left it, and need not be read again. */
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

/** A certain refusal may end the order; anything else stays open, and is looked at again by the schedule. */
async function afterFailure(world: World, merchant: Merchant, order: Order, error: unknown): Promise<Problem> {
  const { out_trade_no, openid } = order
  const said = wechatSaid(error, [openid])
  const support_id = supportId(world.random)
  world.log('order.place_failed', { merchant: merchant.id, out_trade_no, ...saidFields(error, [openid]), support_id })
  const extras = { wechat_code: said?.code, wechat: said, support_id }
  // Without a connection, or without a key to verify by, nothing was asked: the same request may be repeated.
  if (!(error instanceof ApiError)) return new Problem('wechat_unreachable', extras, { cause: error })
  const now = world.clock.now()
  // A lone 401 or 429 speaks of us, not of the order.
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
