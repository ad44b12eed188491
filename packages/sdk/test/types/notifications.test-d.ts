// Notifications: the kind tells what is inside.

import { expectTypeOf } from 'vitest'
import { type AdapterOptions, nodeNotifications } from '../../src/adapters/index.ts'
import type { Notification, RawNotification, Transaction, WechatPay } from '../../src/index.ts'

declare const notification: Notification
declare const wechatpay: WechatPay

expectTypeOf(notification.envelope.id).toBeString()

switch (notification.kind) {
  case 'payment':
    expectTypeOf(notification.transaction).toEqualTypeOf<Transaction>()
    // A refund's fields on a payment: the two share words, not shapes.
    // @ts-expect-error A payment has no refund.
    void notification.refund
    break
  case 'combine':
    expectTypeOf(notification.transaction.combine_out_trade_no).toBeString()
    // The sum of a combined order is in its sub-orders.
    // @ts-expect-error A combined payment has no amount of its own.
    void notification.transaction.amount
    break
  case 'refund':
    expectTypeOf(notification.refund.out_refund_no).toBeString()
    break
  case 'profit-sharing':
    expectTypeOf(notification.share.out_order_no).toBeString()
    break
  case 'transfer':
    expectTypeOf(notification.transfer.out_bill_no).toBeString()
    break
  case 'security-echo':
    expectTypeOf(notification.echo.echo_message).toBeString()
    break
  case 'other':
    // A product we do not know: narrow it before use.
    expectTypeOf(notification.resource).toBeUnknown()
    break
  default:
    // Every kind has its case: a new one fails here.
    expectTypeOf(notification).toBeNever()
}

// Reading a payment before asking what it is.
// @ts-expect-error Not every notification has a transaction.
void notification.transaction

declare const headers: Headers
expectTypeOf({ headers, body: new Uint8Array() }).toExtend<RawNotification>()
// What a JSON body parser leaves: its bytes are gone, and with them the signature.
// @ts-expect-error The body is bytes.
void wechatpay.receive({ headers, body: { id: '1' } })
// Text was decoded once already.
// @ts-expect-error The body is bytes.
void wechatpay.receive({ headers, body: '{}' })

// A handler that is told of nothing acknowledges what nobody stored.
// @ts-expect-error The handler is missing.
void nodeNotifications({ wechatpay } satisfies AdapterOptions)
