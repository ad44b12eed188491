// Orders by state and time, page by page: POST /wxa/sec/order/get_order_list.

import type { ShippingOrderList, ShippingOrderListQuery } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from '../caller.ts'

/** While `has_more`, pass `last_index` of one page to get the next. */
export async function listShippingOrders(caller: MiniProgramCaller, query: ShippingOrderListQuery): Promise<ShippingOrderList> {
  const answer = await caller.send({
    endpoint: 'miniShippingOrderList',
    body: query,
  })
  const { order_list, last_index, has_more } = answer as Partial<ShippingOrderList>
  return { order_list: order_list ?? [], last_index, has_more: has_more === true }
}
