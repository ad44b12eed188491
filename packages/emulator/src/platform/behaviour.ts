// What a person may set about how this WeChat behaves, where the real one differs from merchant to merchant or nobody knows.

export interface Behaviour {
  /** How long a refund stays PROCESSING. */
  refund_delay_ms: number
  /** WeChat asks for a minute between two refunds of one order; whether it refuses earlier ones is not known. 0 refuses none. */
  refund_interval_ms: number
  /** When a refund turns trade_state into REFUND: sources differ (v3-endpoints §9). */
  trade_state_refund: 'request' | 'success'
  /** Ten-thousandths: 60 is 0.6 %. */
  fee_rate: number
  /** How long a profit share stays PROCESSING. */
  share_delay_ms: number
  /** Ten-thousandths of an order that may be shared: 3000 is 30 %. */
  share_ratio_max: number
  /** How long a cancelled transfer stays CANCELING. */
  transfer_cancel_delay_ms: number
  /** Fen: the most that one transfer may be. */
  transfer_amount_max: number
  /** Ten-thousandths of notifications that the public key signs, the platform certificate the rest: WeChat moves a merchant over in a week, 10 first (v3-protocol §7). */
  public_key_share: number
  /** How long a payment stays invisible to order shipping management; WeChat's delay is about a minute and not documented. */
  shipping_visible_delay_ms: number
  /** Whether mini programs have opened order shipping management: else uploads are refused with 48001. */
  trade_managed: boolean
  /** Whether mini programs are bound to an Open Platform account: then there is a unionid. */
  open_platform: boolean
  /** Calls per second and merchant (on api.weixin.qq.com: and mini program), by prefix of the path; none are limited when empty. */
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
  public_key_share: 10_000,
  shipping_visible_delay_ms: 0,
  trade_managed: true,
  open_platform: false,
  rate_limits: {},
}

/** Fen, rounded half up to the fen. */
export function feeOf(total: number, rate: number): number {
  return Math.floor((total * rate + 5000) / 10_000)
}
