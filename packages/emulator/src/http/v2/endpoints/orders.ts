// POST /pay/orderquery and /pay/closeorder: any order of this merchant, whether it was made over v2 or v3 (v2-protocol §5, §6).

import type { V2OrderKey } from '@cashdesk/protocol/v2/spec'
import { v2CloseOrder, v2OrderQuery } from '@cashdesk/protocol/v2/spec'
import type { Merchant } from '../../../platform/merchants/merchants.ts'
import type { Order } from '../../../platform/orders/order.ts'
import type { Platform } from '../../../platform/platform.ts'
import { partiesOf, v2OrderOf } from '../../../platform/v2/transaction.ts'
import { checkSingle, orderNotExist, otherSubMerchant } from '../../v3/endpoints/order-rules.ts'
import { checkSubMerchantNamed } from '../gate/parties.ts'
import { type V2Route, v2Route } from '../route.ts'

export function orderRoutes(platform: Platform): V2Route[] {
  const { orders, clock } = platform
  const find = (merchant: Merchant, { transaction_id, out_trade_no, sub_mch_id }: V2OrderKey): Order => {
    checkSubMerchantNamed(merchant, sub_mch_id)
    checkSingle(platform, merchant, { transaction_id, out_trade_no })
    const order =
      transaction_id === undefined
        ? orders.find(merchant.mchid, out_trade_no ?? '')
        : orders.findByTransactionId(merchant.mchid, transaction_id)
    if (!order) throw orderNotExist()
    if (partiesOf(order.body).sub_mchid !== sub_mch_id) throw otherSubMerchant()
    return order
  }

  return [
    v2Route(platform, {
      endpoint: v2OrderQuery,
      act: ({ merchant, body }) => v2OrderOf(find(merchant, body), clock.now()),
    }),
    v2Route(platform, {
      endpoint: v2CloseOrder,
      act({ merchant, body }) {
        // Closing a closed order succeeds again (v2-protocol §6: re-entrant).
        orders.close(merchant.mchid, find(merchant, body).body.out_trade_no)
        return {}
      },
    }),
  ]
}
