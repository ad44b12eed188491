// An order in the form of v2, whichever version made it: the answer of orderquery, and the content of the notification (v2-protocol §5, §10).

import { isDirect, type Order, type OrderBody, type Payment, STATE_TEXT, stateOf } from '../orders/order.ts'
import { compactTime, type Parties, partyFields, type V2Fields } from './fields.ts'

export function partiesOf(body: OrderBody): Parties {
  if (isDirect(body)) return { mchid: body.mchid, appid: body.appid }
  return { mchid: body.sp_mchid, appid: body.sp_appid, sub_mchid: body.sub_mchid, sub_appid: body.sub_appid }
}

/** The answer of orderquery. An unpaid order has only numbers and state (v2-protocol §5). */
export function v2OrderOf(order: Order, now: number): V2Fields {
  const { body, payment } = order
  const trade_state = stateOf(order, now)
  return {
    ...partyFields(partiesOf(body)),
    ...(payment ? paymentFields(body, payment) : { out_trade_no: body.out_trade_no, attach: body.attach }),
    device_info: body.scene_info?.device_id,
    trade_state,
    trade_state_desc: STATE_TEXT[trade_state],
  }
}

/** The content of a payment notification, without the parties. */
export function paymentFields(body: OrderBody, { transaction_id, bank_type, paid_at, openids }: Payment): V2Fields {
  const { appid, sub_appid } = partiesOf(body)
  const { total } = body.amount
  return {
    device_info: body.scene_info?.device_id,
    openid: openids[appid],
    is_subscribe: 'N',
    ...(sub_appid !== undefined && { sub_openid: openids[sub_appid], sub_is_subscribe: 'N' }),
    trade_type: 'JSAPI',
    bank_type,
    total_fee: total,
    fee_type: 'CNY',
    cash_fee: total,
    cash_fee_type: 'CNY',
    transaction_id,
    out_trade_no: body.out_trade_no,
    attach: body.attach,
    time_end: compactTime(paid_at),
  }
}
