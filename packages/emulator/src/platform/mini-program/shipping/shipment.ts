// A paid order in order shipping management, and the form in which it is answered (miniprogram-server-api §8.5).

import { LOGISTICS_TYPE, SHIPPING_STATE } from '@cashdesk/protocol'
import type { Parcel, ShippingOrder, ShippingUpload } from '@cashdesk/protocol/spec'
import type { Trade } from '../../orders/trades.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export interface Shipment {
  transaction_id: string
  /** The appid of the mini program that uploaded it. */
  appid: string
  logistics_type: ShippingUpload['logistics_type']
  delivery_mode: ShippingUpload['delivery_mode']
  parcels: (Parcel & { upload_time: number })[]
  /** Time of the newest upload, epoch ms. */
  uploaded_at: number
  /** When shipping was complete, epoch ms. */
  shipped_at?: number
  /** How many times shipping was complete: 2 after the one re-shipping that is allowed. */
  finish_count: 0 | 1 | 2
  /** Whether the one re-shipping that is allowed was used. */
  reshipped: boolean
  reminded: boolean
  /** `method` 1: confirmed by the user; 2: confirmed automatically. */
  confirmed?: { at: number; method: 1 | 2 }
}

export function shippingStateOf(trade: Trade, shipment: Shipment | undefined): ShippingOrder['order_state'] {
  if (trade.refunded >= trade.total) return SHIPPING_STATE.REFUNDED
  if (shipment?.confirmed) return SHIPPING_STATE.FINISHED
  return shipment?.shipped_at === undefined ? SHIPPING_STATE.TO_SHIP : SHIPPING_STATE.SHIPPED
}

/** When the money is settled without a confirmation, epoch ms: 10 days after express shipping, otherwise 2 (miniprogram-server-api §8.1). */
export function settlesAt({ logistics_type, shipped_at = 0 }: Shipment): number {
  return shipped_at + (logistics_type === LOGISTICS_TYPE.EXPRESS ? 10 : 2) * DAY_MS
}

/** The order as answered. `openid` is the payer's under the calling mini program. */
export function shippingOrderOf(trade: Trade, shipment: Shipment | undefined, openid: string, created_at: number): ShippingOrder {
  const goods = shipment?.parcels.map(({ item_desc }) => item_desc).join(';') ?? ''
  return {
    transaction_id: trade.transaction_id,
    merchant_id: trade.mchid,
    sub_merchant_id: trade.sub_mchid ?? '',
    merchant_trade_no: trade.out_trade_no,
    description: trade.description.length > 120 ? `${trade.description.slice(0, 120)}...` : trade.description,
    paid_amount: trade.total,
    openid,
    trade_create_time: seconds(created_at),
    pay_time: seconds(trade.paid_at),
    order_state: shippingStateOf(trade, shipment),
    in_complaint: false,
    shipping: {
      delivery_mode: shipment?.delivery_mode ?? 1,
      logistics_type: shipment?.logistics_type ?? 1,
      finish_shipping: shipment?.shipped_at !== undefined,
      goods_desc: goods,
      finish_shipping_count: shipment?.finish_count ?? 0,
      shipping_list: (shipment?.parcels ?? []).map((parcel) => ({
        tracking_no: parcel.tracking_no ?? '',
        express_company: parcel.express_company ?? '',
        goods_desc: parcel.item_desc,
        upload_time: seconds(parcel.upload_time),
        ...(parcel.contact && { contact: parcel.contact }),
      })),
    },
  }
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
