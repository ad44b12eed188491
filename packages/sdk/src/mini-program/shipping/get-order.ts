// An order's shipping as WeChat knows it: POST /wxa/sec/order/get_order.

import { MINI_PROGRAM_ENDPOINTS } from '@cashdesk/protocol'
import type { ShippingOrder, ShippingOrderQuery } from '@cashdesk/protocol/spec'
import { UntrustedAnswerError } from '../../errors.ts'
import { nameOf } from '../ask.ts'
import type { MiniProgramCaller } from '../caller.ts'

/** The names differ: `merchant_id` and `merchant_trade_no` here, `mchid` and `out_trade_no` in an upload. */
export async function getShippingOrder(caller: MiniProgramCaller, query: ShippingOrderQuery): Promise<ShippingOrder> {
  const { order } = await caller.send({ endpoint: 'miniShippingOrder', body: query }, 'order')
  if (typeof (order as Partial<ShippingOrder> | null)?.order_state !== 'number') {
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', {
      request: nameOf(MINI_PROGRAM_ENDPOINTS.miniShippingOrder),
      reason: 'no order_state',
    })
  }
  return order as ShippingOrder
}
