// An order's shipping as WeChat knows it: POST /wxa/sec/order/get_order.

import type { ShippingOrder, ShippingOrderQuery } from '@cashdesk/protocol/spec'
import { UntrustedAnswerError } from '../../errors.ts'
import type { MiniProgramCaller } from '../caller.ts'

const PATH = '/wxa/sec/order/get_order'

/** The names differ: `merchant_id` and `merchant_trade_no` here, `mchid` and `out_trade_no` in an upload. */
export async function getShippingOrder(caller: MiniProgramCaller, query: ShippingOrderQuery): Promise<ShippingOrder> {
  const { order } = await caller.send({ endpoint: 'miniShippingOrder', method: 'POST', path: PATH, body: query }, 'order')
  if (typeof (order as Partial<ShippingOrder> | null)?.order_state !== 'number') {
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: `POST ${PATH}`, reason: 'no order_state' })
  }
  return order as ShippingOrder
}
