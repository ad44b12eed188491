// The answers and notifications of v2 (v2-protocol §3, §5–§11), after the signature was verified. Amounts are integer fen; other fields are text.

/** Fields that WeChat adds later, and numbered ones (`coupon_fee_0`), pass through. */
export interface V2More {
  readonly [name: string]: string | number | undefined
}

/** The fields that identify the merchant and mini program in every answer. */
export interface V2Parties extends V2More {
  appid: string
  mch_id: string
  sub_appid?: string | undefined
  sub_mch_id?: string | undefined
}

export interface V2Prepay extends V2Parties {
  trade_type: string
  /** Valid for 2 hours. */
  prepay_id: string
}

export type V2TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR' | 'ACCEPT'

/** Unless trade_state is SUCCESS, only the numbers and the state are reliable. */
export interface V2Order extends V2Parties {
  out_trade_no: string
  trade_state: V2TradeState
  trade_state_desc?: string | undefined
  transaction_id?: string | undefined
  openid?: string | undefined
  sub_openid?: string | undefined
  /** Fen: the amount of the order. */
  total_fee?: number | undefined
  /** Fen: what the payer paid themselves. */
  cash_fee?: number | undefined
  attach?: string | undefined
  /** `yyyyMMddHHmmss`, Beijing. */
  time_end?: string | undefined
}

/** A payment, from the notification. Compare appid, mch_id, total_fee and payer with the order before anything is released. */
export interface V2Payment extends V2Parties {
  return_code: 'SUCCESS'
  result_code: 'SUCCESS'
  openid: string
  sub_openid?: string | undefined
  trade_type: string
  bank_type: string
  /** Fen: the amount of the order. */
  total_fee: number
  /** Fen: what the payer paid themselves. */
  cash_fee: number
  /** Default CNY. */
  fee_type?: string | undefined
  transaction_id: string
  out_trade_no: string
  attach?: string | undefined
  /** `yyyyMMddHHmmss`, Beijing. */
  time_end: string
}

/** A refund that WeChat has accepted. The money has not been refunded yet. */
export interface V2Refund extends V2Parties {
  transaction_id: string
  out_trade_no: string
  out_refund_no: string
  refund_id: string
  /** Fen. */
  refund_fee: number
  /** Fen: the amount of the order. */
  total_fee: number
}

/** CHANGE: the money could not be returned the way it was paid; the merchant must act. */
export type V2RefundStatus = 'SUCCESS' | 'REFUNDCLOSE' | 'PROCESSING' | 'CHANGE'

/** One refund of an order. The row number is removed from the field names. */
export interface V2RefundRow extends V2More {
  out_refund_no: string
  refund_id: string
  /** Fen. */
  refund_fee: number
  refund_status: V2RefundStatus
  /** Spelled as WeChat spells it. */
  refund_recv_accout?: string | undefined
  /** `yyyy-MM-dd HH:mm:ss`, Beijing. */
  refund_success_time?: string | undefined
}

export interface V2RefundList {
  transaction_id: string
  out_trade_no: string
  /** Fen: the amount of the order. */
  total_fee: number
  /** Number of refunds in this answer. */
  refund_count: number
  /** Number of all refunds of the order, if there are more than this answer holds. */
  total_refund_count?: number | undefined
  refunds: readonly V2RefundRow[]
}

/** A refund's final result, from the notification. */
export interface V2RefundResult extends V2Parties {
  transaction_id: string
  out_trade_no: string
  refund_id: string
  out_refund_no: string
  /** Fen: the amount of the order. */
  total_fee: number
  /** Fen. */
  refund_fee: number
  refund_status: V2RefundStatus
  /** `yyyy-MM-dd HH:mm:ss`, Beijing. Present if refund_status is SUCCESS. */
  success_time?: string | undefined
  refund_recv_accout?: string | undefined
}
