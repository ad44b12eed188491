// One paid order as order shipping management holds it, and what it looks like from outside (miniprogram-server-api §8.5).

import { LOGISTICS_TYPE, SHIPPING_STATE } from '@cashdesk/protocol'
import type { Parcel, ShippingOrder, ShippingUpload } from '@cashdesk/protocol/spec'
import type { Trade } from '../../orders/trades.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export interface Shipment {
  transaction_id: string
  /** The mini program that told of it. */
  appid: string
  logistics_type: ShippingUpload['logistics_type']
  delivery_mode: ShippingUpload['delivery_mode']
  parcels: (Parcel & { upload_time: number })[]
  /** Epoch ms: of the newest upload. */
  uploaded_at: number
  /** Epoch ms: when it was complete. */
  shipped_at?: number
  /** How often it was complete: 1, or 2 after the one re-shipping. */
  finish_count: 0 | 1 | 2
  /** The one chance to ship anew is used up. */
  reshipped: boolean
  reminded: boolean
  /** 1: by the user; 2: by itself. */
  confirmed?: { at: number; method: 1 | 2 }
}

export function shippingStateOf(trade: Trade, shipment: Shipment | undefined): ShippingOrder['order_state'] {
  if (trade.refunded >= trade.total) return SHIPPING_STATE.REFUNDED
  if (shipment?.confirmed) return SHIPPING_STATE.FINISHED
  return shipment?.shipped_at === undefined ? SHIPPING_STATE.TO_SHIP : SHIPPING_STATE.SHIPPED
}

/** When the money is settled by itself: 10 days after express was sent, else 2 (miniprogram-server-api §8.1). */
export function settlesAt({ logistics_type, shipped_at = 0 }: Shipment): number {
  return shipped_at + (logistics_type === LOGISTICS_TYPE.EXPRESS ? 10 : 2) * DAY_MS
}

/** `openid` is the payer's under the mini program that asks. */
export function shippingOrderOf(trade: Trade, shipment: Shipment | undefined, openid: string, created_at: number): ShippingOrder {
  const goods = shipment?.parcels.map(({ item_desc }) => item_desc).join(';') ?? ''
  return {
    transaction_id: trade.transaction_id,
    merchant_id: trade.mchid,
    ...(trade.sub_mchid !== undefined && { sub_merchant_id: trade.sub_mchid }),
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
