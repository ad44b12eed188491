// From a prepay_id to what may be paid with it, whichever kind of order it is.

import type { Notifier } from './notifier.ts'
import { isDirect, type Order, payerOf, stateOf, transactionOf } from './order.ts'
import type { Orders } from './orders.ts'
import { openidsOf, type Payable, type PaymentWorld, takePayment } from './payment.ts'

export interface Checkout {
  /** The number that signed the order. */
  mchid: string
  payer: { appid: string; openid: string }
  expires_at: number
  state: 'SUCCESS' | 'REFUND' | 'CLOSED' | 'NOTPAY'
  /** The user confirms. */
  pay(): void
}

export interface CheckoutWorld extends PaymentWorld {
  orders: Orders
  notifier: Notifier
}

export function findCheckout(world: CheckoutWorld, prepay_id: string): { checkout: Checkout; made_at: number } | undefined {
  const found = world.orders.findByPrepayId(prepay_id)
  return found && { checkout: checkoutOf(world, found.order), made_at: found.made_at }
}

function checkoutOf(world: CheckoutWorld, order: Order): Checkout {
  const payer = payerOf(order.body)
  return {
    mchid: order.mchid,
    payer,
    expires_at: order.expires_at,
    state: stateOf(order, world.clock.now()),
    pay() {
      const { transaction_id, paid_at, bank_type } = takePayment(world, payableOf(order))
      const openids = openidsOf(world, payer.appid, payer.openid)
      world.orders.recordPayment(order, { transaction_id, paid_at, bank_type, openids })
      world.notifier.announce({
        mchid: order.mchid,
        out_trade_no: order.body.out_trade_no,
        notify_url: order.body.notify_url,
        event_type: 'TRANSACTION.SUCCESS',
        original_type: 'transaction',
        summary: '支付成功',
        resource: transactionOf(order, paid_at),
      })
    },
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
