// Order shipping management (miniprogram-server-api §8.3, §8.4): uploads of shipments. Enums are numbers; WeChat refuses texts with 47001.

import { z } from 'zod'
import { MINI_PROGRAM_ENDPOINTS } from '../endpoints/mini-program.ts'
import type { DeliveryMode, LogisticsType } from '../mini-program/shipping-enums.ts'
import type { MiniProgramEndpoint } from './mini-program.ts'
import { rfc3339 } from './values.ts'

/** An order by transaction_id, or by mchid and out_trade_no. */
export type ShippingOrderKey =
  | { order_number_type: 2; transaction_id: string }
  | { order_number_type: 1; mchid: string; out_trade_no: string }

export interface Parcel {
  /** Required for express: 1–128 characters. */
  tracking_no?: string | undefined
  /** Required for express: delivery_id from WeChat's list, such as `STO`, `YTO`, `SF`. */
  express_company?: string | undefined
  /** Up to 120 characters. */
  item_desc: string
  /** For 顺丰 one of the two is required; masked, with the last 4 digits visible. */
  contact?: { consignor_contact?: string | undefined; receiver_contact?: string | undefined } | undefined
}

export interface Shipment {
  order_key: ShippingOrderKey
  /** 1 express, 2 same city, 3 virtual, 4 pick-up: see LOGISTICS_TYPE. */
  logistics_type: LogisticsType
  /** 1 unified, 2 split (express only): see DELIVERY_MODE. */
  delivery_mode: DeliveryMode
  /** For split delivery. The payer is notified only when it is true. */
  is_all_delivered?: boolean | undefined
  /** One parcel for unified delivery, up to 15 for split delivery. */
  shipping_list: readonly Parcel[]
}

interface Upload {
  /** RFC 3339 with offset; must be later than that of earlier uploads. */
  upload_time: string
  /** The payer's openid under this appid. */
  payer: { openid: string }
}

export interface ShippingUpload extends Shipment, Upload {}

export interface CombinedShippingUpload extends Upload {
  /** The key of the combined order. */
  order_key: ShippingOrderKey
  sub_orders: readonly Shipment[]
}

const name = z.string().min(1).max(128)
const contact = z.string().min(1).max(1024)

const orderKey: z.ZodType<ShippingOrderKey> = z.discriminatedUnion('order_number_type', [
  z.strictObject({ order_number_type: z.literal(2), transaction_id: z.string().min(1).max(32) }),
  z.strictObject({
    order_number_type: z.literal(1),
    mchid: z.string().min(1).max(32),
    out_trade_no: z.string().regex(/^[0-9A-Za-z_\-|*]{1,32}$/),
  }),
])

const parcel: z.ZodType<Parcel> = z
  .strictObject({
    tracking_no: name.optional(),
    express_company: name.optional(),
    item_desc: z.string().min(1).max(120),
    contact: z.strictObject({ consignor_contact: contact.optional(), receiver_contact: contact.optional() }).optional(),
  })
  .refine((one) => one.express_company !== 'SF' || (one.contact?.consignor_contact ?? one.contact?.receiver_contact), {
    error: '顺丰 (SF) needs a contact',
    path: ['contact'],
  })

const shipmentShape = {
  order_key: orderKey,
  logistics_type: z.literal([1, 2, 3, 4]),
  delivery_mode: z.literal([1, 2]),
  is_all_delivered: z.boolean().optional(),
  shipping_list: z.array(parcel).min(1).max(15),
}

/** The first broken rule between fields, in the order in which WeChat checks them. */
function brokenRule({ logistics_type, delivery_mode, is_all_delivered, shipping_list }: Shipment): [string, string] | undefined {
  if (delivery_mode === 2 && logistics_type !== 1) return ['delivery_mode', 'only express may be split (10060006)']
  if (delivery_mode === 2 && is_all_delivered === undefined) return ['is_all_delivered', 'split delivery needs it (10060007)']
  if (delivery_mode === 1 && shipping_list.length !== 1) return ['shipping_list', 'unified delivery is one parcel (268485228)']
  if (logistics_type === 1 && shipping_list.some((one) => !one.tracking_no))
    return ['shipping_list', 'express needs tracking_no (268485226)']
  if (logistics_type === 1 && shipping_list.some((one) => !one.express_company)) {
    return ['shipping_list', 'express needs express_company (268485227)']
  }
  return undefined
}

function checkRules(shipment: Shipment, context: z.RefinementCtx): void {
  const broken = brokenRule(shipment)
  if (broken) context.addIssue({ code: 'custom', path: [broken[0]], message: broken[1] })
}

const upload = { upload_time: rfc3339, payer: z.strictObject({ openid: name }) }

export const miniShippingUpload: MiniProgramEndpoint<ShippingUpload> = {
  ...MINI_PROGRAM_ENDPOINTS.miniShippingUpload,
  body: z.strictObject({ ...shipmentShape, ...upload }).superRefine(checkRules),
  errcodes: [
    10060001, 10060002, 10060003, 10060004, 10060005, 10060006, 10060007, 10060008, 10060009, 10060012, 10060014, 10060019, 10060020,
    10060023, 10060024, 10060025, 10060026, 10060031, 268485194, 268485195, 268485196, 268485197, 268485216, 268485224, 268485226,
    268485227, 268485228,
  ],
  source: 'miniprogram-server-api §8.3',
}

export const miniCombinedShippingUpload: MiniProgramEndpoint<CombinedShippingUpload> = {
  ...MINI_PROGRAM_ENDPOINTS.miniCombinedShippingUpload,
  body: z
    .strictObject({
      order_key: orderKey,
      sub_orders: z.array(z.strictObject(shipmentShape).superRefine(checkRules)).min(1).max(50),
      ...upload,
    })
    .refine(({ order_key, sub_orders }) => sub_orders.every((sub) => sub.order_key.order_number_type === order_key.order_number_type), {
      error: 'all order keys must be of one kind',
      path: ['sub_orders'],
    }),
  errcodes: miniShippingUpload.errcodes,
  source: 'miniprogram-server-api §8.4',
}
