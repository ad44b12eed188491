// Finds what a prepay_id pays for: a single order or a combined order.

import type { SignType } from '@cashdesk/protocol/v2'
import type { News, Notifier } from '../notifications/notifier.ts'
import { type Combine, combinePayerOf, combineStateOf, combineTransactionOf } from '../orders/combine.ts'
import type { Combines } from '../orders/combines.ts'
import { isDirect, type Order, type Payment, paidNoticeOf, payerOf, stateOf } from '../orders/order.ts'
import type { Orders } from '../orders/orders.ts'
import { partyFields } from '../v2/fields.ts'
import { partiesOf, paymentFields } from '../v2/transaction.ts'
import { openidsOf, type Payable, type PaymentWorld, takePayment } from './payment.ts'

export interface Checkout {
  /** The number that signed the order. */
  mchid: string
  payer: { appid: string; openid: string }
  expires_at: number
  state: 'SUCCESS' | 'REFUND' | 'CLOSED' | 'NOTPAY'
  /** The algorithm of paySign: RSA for v3; for a v2 order the one that its order was signed with (v2-protocol §4). */
  signType: 'RSA' | SignType
  /** What the user reads: the description of the goods, and the amount in fen. */
  description: string
  total: number
  /** Called when the user confirms. `bank_type` says what paid: change (零钱) when absent. */
  pay(bank_type?: string): void
}

export interface CheckoutWorld extends PaymentWorld {
  orders: Orders
  combines: Combines
  notifier: Notifier
}

export function findCheckout(world: CheckoutWorld, prepay_id: string): { checkout: Checkout; made_at: number } | undefined {
  const single = world.orders.findByPrepayId(prepay_id)
  if (single) return { checkout: checkoutOf(world, single.order), made_at: single.made_at }
  const combined = world.combines.findByPrepayId(prepay_id)
  return combined && { checkout: combinedCheckout(world, combined.combine), made_at: combined.made_at }
}

/** Pays all sub-orders or none: there is one confirmation and one notification for all of them (v3-endpoints §7). */
function combinedCheckout(world: CheckoutWorld, combine: Combine): Checkout {
  const { body, mchid } = combine
  const payer = combinePayerOf(body)
  return {
    mchid,
    payer,
    expires_at: combine.expires_at,
    state: combineStateOf(combine, world.clock.now()),
    signType: 'RSA',
    description: body.sub_orders.map((sub) => sub.description).join('、'),
    total: body.sub_orders.reduce((sum, sub) => sum + sub.amount.total_amount, 0),
    pay(paid_with) {
      const trades = body.sub_orders.map((sub) =>
        takePayment(world, {
          mchid,
          ...(sub.sub_mchid !== undefined && { sub_mchid: sub.sub_mchid }),
          ...(sub.sub_appid !== undefined && { sub_appid: sub.sub_appid }),
          appid: body.combine_appid,
          payer_appid: payer.appid,
          openid: payer.openid,
          out_trade_no: sub.out_trade_no,
          combine_out_trade_no: body.combine_out_trade_no,
          description: sub.description,
          attach: sub.attach,
          ...(body.scene_info?.device_id !== undefined && { device_id: body.scene_info.device_id }),
          total: sub.amount.total_amount,
          profit_sharing: sub.settle_info?.profit_sharing ?? false,
          bank_type: paid_with,
        }),
      )
      const now = world.clock.now()
      world.combines.recordPayment(combine, now, openidsOf(world, payer.appid, payer.openid))
      if (body.notify_url === undefined) return
      const tradeOf = (out_trade_no: string) => trades.find((trade) => trade.out_trade_no === out_trade_no)
      world.notifier.announce({
        mchid,
        out_trade_no: body.combine_out_trade_no,
        notify_url: body.notify_url,
        event_type: 'TRANSACTION.SUCCESS',
        original_type: 'transaction',
        summary: '支付成功',
        resource: combineTransactionOf(combine, tradeOf, now),
      })
    },
  }
}

function checkoutOf(world: CheckoutWorld, order: Order): Checkout {
  const payer = payerOf(order.body)
  return {
    mchid: order.mchid,
    payer,
    expires_at: order.expires_at,
    state: stateOf(order, world.clock.now()),
    signType: order.v2?.sign_type ?? 'RSA',
    description: order.body.description,
    total: order.body.amount.total,
    pay(paid_with) {
      const { transaction_id, paid_at, bank_type } = takePayment(world, { ...payableOf(order), bank_type: paid_with })
      const openids = openidsOf(world, payer.appid, payer.openid)
      world.orders.recordPayment(order, { transaction_id, paid_at, bank_type, openids })
      world.notifier.announce(paymentNews(order, { transaction_id, paid_at, bank_type, openids }))
    },
  }
}

/** The notification goes out over the version of the API that made the order (v2-protocol §10, v3-notifications §5). */
function paymentNews(order: Order, payment: Payment): News {
  const { body, v2 } = order
  return {
    mchid: order.mchid,
    out_trade_no: body.out_trade_no,
    notify_url: body.notify_url,
    event_type: 'TRANSACTION.SUCCESS',
    original_type: 'transaction',
    summary: '支付成功',
    ...(v2
      ? {
          resource: paymentFields(body, payment),
          v2: { kind: 'payment', parties: partyFields(partiesOf(body)), sign_type: v2.sign_type },
        }
      : { resource: paidNoticeOf(order, payment.paid_at) }),
  }
}

function payableOf({ mchid, body }: Order): Payable {
  const payer = payerOf(body)
  return {
    mchid,
    ...(!isDirect(body) && { sub_mchid: body.sub_mchid, ...(body.sub_appid !== undefined && { sub_appid: body.sub_appid }) }),
    appid: isDirect(body) ? body.appid : body.sp_appid,
    payer_appid: payer.appid,
    openid: payer.openid,
    out_trade_no: body.out_trade_no,
    description: body.description,
    ...(body.attach !== undefined && { attach: body.attach }),
    ...(body.scene_info?.device_id !== undefined && { device_id: body.scene_info.device_id }),
    total: body.amount.total,
    profit_sharing: body.settle_info?.profit_sharing ?? false,
  }
}
