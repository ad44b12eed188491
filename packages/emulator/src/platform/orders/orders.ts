// All orders, by the number that signed them and by out_trade_no: placing, finding, closing (v3-endpoints §1–3).

import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import { canonical } from '../canonical.ts'
import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'
import { Refusal } from '../refusal.ts'
import type { V2Terms } from '../v2/terms.ts'
import { type Order, type OrderBody, type Payment, PREPAY_LIFE_MS, stateOf } from './order.ts'
import { AUTO_CLOSE_MS, DAY_MS, expiry, newPrepay, reentered } from './prepay.ts'

export interface Orders extends Part<readonly Order[]> {
  /** Places an order, or repeats one, and gives a prepay_id. `v2` holds the terms of an order made over v2. @throws Refusal */
  place(mchid: string, body: OrderBody, v2?: V2Terms): string
  find(mchid: string, out_trade_no: string): Order | undefined
  findByTransactionId(mchid: string, transaction_id: string): Order | undefined
  findByPrepayId(prepay_id: string): { order: Order; made_at: number } | undefined
  /** Records the payment. From now on the order is SUCCESS. */
  recordPayment(order: Order, payment: Payment): void
  /** Records a refund. From now on the order is REFUND. */
  recordRefund(mchid: string, transaction_id: string): void
  /** Closes the order. @throws Refusal when it is paid */
  close(mchid: string, out_trade_no: string): void
  /** All orders, newest last. */
  all(): readonly Order[]
  /** Order numbers that were closed before they were ordered. */
  burnt: Part<readonly string[]>
}

const EXPIRE_MAX_MS = 15 * DAY_MS

export function createOrders(clock: Clock, random: Random, journal: Journal): Orders {
  const orders = new Map<string, Order>()
  const byTransactionId = new Map<string, Order>()
  const byPrepayId = new Map<string, { order: Order; made_at: number }>()
  /** Order numbers that were closed before they were ordered, and can never be used (v3-endpoints §1.1, the close-before-order trap). */
  const burnt = new Set<string>()

  const givePrepayId = (order: Order): string => {
    const prepay = newPrepay(clock.now(), random)
    order.prepays.push(prepay)
    byPrepayId.set(prepay.prepay_id, { order, made_at: prepay.made_at })
    journal.put('orders', order)
    return prepay.prepay_id
  }

  const placeAgain = (order: Order, fingerprint: string): string => {
    const now = clock.now()
    const state = stateOf(order, now)
    if (state === 'SUCCESS' || state === 'REFUND') throw new Refusal(400, 'ORDERPAID', '该订单已支付', { internal: 268498689 })
    if (state === 'CLOSED') throw new Refusal(400, 'ORDER_CLOSED', '订单已关闭', { internal: 268447914 })
    if (order.fingerprint !== fingerprint) throw reentered()
    if (now >= order.expires_at) throw new Refusal(400, 'ORDER_CLOSED', '该订单已失效', { internal: 268447914 })
    const newest = order.prepays.at(-1)
    // v2 gives a new prepay_id each time (v2-protocol §3).
    return newest && !order.v2 && now - newest.made_at < PREPAY_LIFE_MS ? newest.prepay_id : givePrepayId(order)
  }

  return {
    place(mchid, body, v2) {
      const key = keyOf(mchid, body.out_trade_no)
      const fingerprint = canonical(v2 ? { ...body, v2 } : body)
      const known = orders.get(key)
      if (known) return placeAgain(known, fingerprint)
      if (burnt.has(key)) throw reentered()
      const created_at = clock.now()
      const order: Order = {
        mchid,
        body,
        ...(v2 && { v2 }),
        fingerprint,
        created_at,
        expires_at: expiry(body.time_expire, created_at, EXPIRE_MAX_MS),
        auto_close_at: created_at + AUTO_CLOSE_MS,
        prepays: [],
      }
      orders.set(key, order)
      return givePrepayId(order)
    },
    find: (mchid, out_trade_no) => orders.get(keyOf(mchid, out_trade_no)),
    findByTransactionId: (mchid, transaction_id) => byTransactionId.get(keyOf(mchid, transaction_id)),
    findByPrepayId: (prepay_id) => byPrepayId.get(prepay_id),
    recordPayment(order, payment) {
      order.payment = payment
      byTransactionId.set(keyOf(order.mchid, payment.transaction_id), order)
      journal.put('orders', order)
    },
    recordRefund(mchid, transaction_id) {
      const order = byTransactionId.get(keyOf(mchid, transaction_id))
      if (!order?.payment) return
      order.payment.refunded = true
      journal.put('orders', order)
    },
    close(mchid, out_trade_no) {
      const key = keyOf(mchid, out_trade_no)
      const order = orders.get(key)
      if (!order) {
        burnt.add(key)
        journal.put('burnt', key)
        return
      }
      if (order.payment) throw new Refusal(400, 'ORDER_PAID', '该订单已支付', { internal: 268449538 })
      order.closed_at ??= clock.now()
      journal.put('orders', order)
    },
    all: () => [...orders.values()],
    save: () => [...orders.values()],
    restore(saved) {
      for (const order of saved) {
        orders.set(keyOf(order.mchid, order.body.out_trade_no), order)
        if (order.payment) byTransactionId.set(keyOf(order.mchid, order.payment.transaction_id), order)
        for (const { prepay_id, made_at } of order.prepays) byPrepayId.set(prepay_id, { order, made_at })
      }
    },
    reset() {
      orders.clear()
      byTransactionId.clear()
      byPrepayId.clear()
    },
    burnt: {
      save: () => [...burnt],
      restore(saved) {
        for (const key of saved) burnt.add(key)
      },
      reset: () => burnt.clear(),
    },
  }
}

function keyOf(mchid: string, out_trade_no: string): string {
  return `${mchid}/${out_trade_no}`
}
