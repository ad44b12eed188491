// Settings for what differs between real merchants, or is not known about the real WeChat.

export interface Behaviour {
  /** Milliseconds that a refund stays PROCESSING. */
  refund_delay_ms: number
  /**
   * Milliseconds that must lie between two refunds of one order; 0 refuses none. WeChat asks for a minute, but it is not known whether it refuses earlier ones.
   */
  refund_interval_ms: number
  /** When a refund changes trade_state to REFUND: sources differ (v3-endpoints §9). */
  trade_state_refund: 'request' | 'success'
  /** The fee, in ten-thousandths: 60 is 0.6 %. */
  fee_rate: number
  /** Milliseconds that a profit share stays PROCESSING. */
  share_delay_ms: number
  /** The largest share of an order, in ten-thousandths: 3000 is 30 %. */
  share_ratio_max: number
  /** Milliseconds that a cancelled transfer stays CANCELING. */
  transfer_cancel_delay_ms: number
  /** The largest amount of one transfer, in fen. */
  transfer_amount_max: number
  /**
   * For a merchant with both kinds of key: how many notifications the public key signs, in ten-thousandths; the platform certificate signs the rest.
   * WeChat moves a merchant over in about a week, starting with 10 (v3-protocol §7).
   */
  public_key_share: number
  /** Milliseconds until order shipping management can see a payment. WeChat's delay is about a minute and not documented. */
  shipping_visible_delay_ms: number
  /** Whether mini programs have opened order shipping management. If not, uploads are refused with 48001. */
  trade_managed: boolean
  /** Whether mini programs are bound to an Open Platform account. Only then do users have a unionid. */
  open_platform: boolean
  /** Calls per second by prefix of the path, counted per merchant (on api.weixin.qq.com: per mini program); no calls are limited when empty. */
  rate_limits: Readonly<Record<string, number>>
}

export const BEHAVIOUR: Behaviour = {
  refund_delay_ms: 3000,
  refund_interval_ms: 0,
  trade_state_refund: 'request',
  fee_rate: 60,
  share_delay_ms: 3000,
  share_ratio_max: 3000,
  transfer_cancel_delay_ms: 0,
  transfer_amount_max: 20_000,
  public_key_share: 5000,
  shipping_visible_delay_ms: 0,
  trade_managed: true,
  open_platform: false,
  rate_limits: {},
}

/** The fee in fen, rounded half up. */
export function feeOf(total: number, rate: number): number {
  return Math.floor((total * rate + 5000) / 10_000)
}
