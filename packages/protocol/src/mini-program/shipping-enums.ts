// Names for the numbers of order shipping management (miniprogram-server-api §8.3 and §8.5). WeChat accepts only numbers: a text is refused with 47001.

/** How an order is identified: by mchid and out_trade_no, or by transaction_id. */
export const ORDER_NUMBER_TYPE = { OUT_TRADE_NO: 1, TRANSACTION_ID: 2 } as const
export type OrderNumberType = (typeof ORDER_NUMBER_TYPE)[keyof typeof ORDER_NUMBER_TYPE]

/** 实体物流, 同城配送, 虚拟商品, 用户自提. */
export const LOGISTICS_TYPE = { EXPRESS: 1, SAME_CITY: 2, VIRTUAL: 3, PICKUP: 4 } as const
export type LogisticsType = (typeof LOGISTICS_TYPE)[keyof typeof LOGISTICS_TYPE]

/** One shipment, or several (express only). */
export const DELIVERY_MODE = { UNIFIED: 1, SPLIT: 2 } as const
export type DeliveryMode = (typeof DELIVERY_MODE)[keyof typeof DELIVERY_MODE]

/** 待发货, 已发货, 确认收货, 交易完成, 已退款, 资金待结算. */
export const SHIPPING_STATE = { TO_SHIP: 1, SHIPPED: 2, RECEIVED: 3, FINISHED: 4, REFUNDED: 5, TO_SETTLE: 6 } as const
export type ShippingState = (typeof SHIPPING_STATE)[keyof typeof SHIPPING_STATE]
