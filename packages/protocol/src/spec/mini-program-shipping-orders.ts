// Order shipping management (miniprogram-server-api §8.5): queries. The fields of an order have other names here than in an upload.

import { z } from 'zod'
import { MINI_PROGRAM_ENDPOINTS } from '../endpoints/mini-program.ts'
import type { DeliveryMode, LogisticsType, ShippingState } from '../mini-program/shipping-enums.ts'
import type { MiniProgramEndpoint } from './mini-program.ts'

/** Give transaction_id, or merchant_id with merchant_trade_no. */
export interface ShippingOrderQuery {
  transaction_id?: string | undefined
  merchant_id?: string | undefined
  sub_merchant_id?: string | undefined
  merchant_trade_no?: string | undefined
}

export interface ShippingOrder {
  transaction_id: string
  merchant_id: string
  /** `''` when the merchant is a direct one. */
  sub_merchant_id?: string | undefined
  merchant_trade_no: string
  /** WeChat cuts it after 120 characters. */
  description: string
  /** Fen. */
  paid_amount: number
  openid: string
  /** Unix seconds. */
  trade_create_time: number
  /** Unix seconds. */
  pay_time: number
  /** 1 to ship, 2 shipped, 3 received, 4 finished, 5 refunded, 6 to settle: see SHIPPING_STATE. */
  order_state: ShippingState
  in_complaint: boolean
  shipping: {
    delivery_mode: DeliveryMode
    logistics_type: LogisticsType
    finish_shipping: boolean
    goods_desc: string
    /** 0 or 1; 2 once the only re-shipping is used up. */
    finish_shipping_count: number
    shipping_list: readonly {
      tracking_no: string
      express_company: string
      goods_desc: string
      /** Unix seconds. */
      upload_time: number
      contact?: { consignor_contact?: string | undefined; receiver_contact?: string | undefined } | undefined
    }[]
  }
}

export interface ShippingOrderListQuery {
  /** Unix seconds; both ends are included. */
  pay_time_range?: { begin_time?: number | undefined; end_time?: number | undefined } | undefined
  order_state?: ShippingState | undefined
  openid?: string | undefined
  /** `last_index` of the previous page. */
  last_index?: string | undefined
  /** Default 100. */
  page_size?: number | undefined
}

export interface ShippingOrderList {
  order_list: readonly ShippingOrder[]
  last_index?: string | undefined
  has_more: boolean
}

export interface ConfirmReceiveReminder extends ShippingOrderQuery {
  /** Unix seconds; must be later than the shipping. */
  received_time: number
}

const number = z.string().min(1).max(32)
const identity = {
  transaction_id: number.optional(),
  merchant_id: number.optional(),
  sub_merchant_id: number.optional(),
  merchant_trade_no: number.optional(),
}
const named = (q: ShippingOrderQuery): boolean =>
  q.transaction_id !== undefined || (q.merchant_id !== undefined && q.merchant_trade_no !== undefined)
const unnamed = { error: 'transaction_id, or merchant_id with merchant_trade_no' }
const seconds = z.int().min(1)

export const miniShippingOrder: MiniProgramEndpoint<ShippingOrderQuery> = {
  ...MINI_PROGRAM_ENDPOINTS.miniShippingOrder,
  body: z.strictObject(identity).refine(named, unnamed),
  errcodes: [10060001, 10060012, 10060014, 44990],
  source: 'miniprogram-server-api §8.5',
}

export const miniShippingOrderList: MiniProgramEndpoint<ShippingOrderListQuery> = {
  ...MINI_PROGRAM_ENDPOINTS.miniShippingOrderList,
  body: z.strictObject({
    pay_time_range: z.strictObject({ begin_time: seconds.optional(), end_time: seconds.optional() }).optional(),
    order_state: z.literal([1, 2, 3, 4, 5, 6]).optional(),
    openid: z.string().min(1).max(128).optional(),
    last_index: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  errcodes: [10060011, 10060012, 10060014, 44990],
  source: 'miniprogram-server-api §8.5',
}

export const miniConfirmReceiveReminder: MiniProgramEndpoint<ConfirmReceiveReminder> = {
  ...MINI_PROGRAM_ENDPOINTS.miniConfirmReceiveReminder,
  body: z.strictObject({ ...identity, received_time: seconds }).refine(named, unnamed),
  errcodes: [10060001, 10060012, 10060028, 10060029, 10060030, 10060032],
  source: 'miniprogram-server-api §8.5',
}

export const miniMessageJumpPath: MiniProgramEndpoint<{ path: string }> = {
  ...MINI_PROGRAM_ENDPOINTS.miniMessageJumpPath,
  body: z.strictObject({ path: z.string().max(1024) }),
  errcodes: [10060014],
  source: 'miniprogram-server-api §8.5',
}

const program: z.ZodType<{ appid: string }> = z.strictObject({ appid: z.string().min(1).max(32) })

export const miniIsTradeManaged: MiniProgramEndpoint<{ appid: string }> = {
  ...MINI_PROGRAM_ENDPOINTS.miniIsTradeManaged,
  body: program,
  errcodes: [],
  source: 'miniprogram-server-api §8.5',
}

export const miniIsTradeConfirmed: MiniProgramEndpoint<{ appid: string }> = {
  ...MINI_PROGRAM_ENDPOINTS.miniIsTradeConfirmed,
  body: program,
  errcodes: [],
  source: 'miniprogram-server-api §8.5',
}
