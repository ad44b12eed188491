// What differs between a line of a bill and what we have. The store finds the suspicious pairs; these functions say what each is.

import type { OrderState } from '../order/order.ts'
import type { RefundState } from '../refund/refund.ts'
import type { Finding } from './difference.ts'

/** A payment of the trade bill beside our order of the same number; the fields of `ours` are null if there is none. */
export interface PaymentPair {
  out_trade_no: string
  transaction_id: string
  /** Fen. */
  total: number
  currency: string
  appid: string
  sub_mchid: string
  merchant: string | null
  state: OrderState | null
  /** Fen that we count: what was accepted, or what was ordered. */
  our_total: number | null
  our_currency: string | null
  our_transaction_id: string | null
  our_appid: string | null
  our_sub_mchid: string | null
}

export function comparePayment(pair: PaymentPair): Finding[] {
  const { out_trade_no, transaction_id, total, merchant, state, our_total } = pair
  const about = (of: Finding['class'], amount: number, detail: Finding['detail']): Finding => ({
    class: of,
    subject: out_trade_no,
    merchant,
    amount,
    detail,
  })
  if (state === null || our_total === null) return [about('unknown_here', total, { transaction_id, total: String(total) })]
  if (state !== 'paid') return [about('paid_there_not_here', total, { transaction_id, state, total: String(total) })]
  const found: Finding[] = []
  const differs = (of: Finding['class'], ours: string | null, theirs: string, amount = 0): void => {
    if (ours !== theirs) found.push(about(of, amount, { ours: ours ?? '', theirs }))
  }
  differs('transaction_id', pair.our_transaction_id, transaction_id)
  differs('amount', String(our_total), String(total), total - our_total)
  differs('currency', pair.our_currency, pair.currency)
  differs('recipient', pair.our_sub_mchid ?? '', pair.sub_mchid)
  // In a provider's bill the appid is the provider's, whichever program paid.
  if (pair.our_sub_mchid === null && pair.sub_mchid === '') differs('recipient', pair.our_appid, pair.appid)
  return found
}

/** A refund of the trade bill beside ours of the same number. */
export interface RefundPair {
  out_refund_no: string
  refund_id: string
  out_trade_no: string
  /** Fen that were applied for. */
  refund: number
  /** As in the bill: SUCCESS, PROCESSING, FAIL or CHANGE, as it was when the bill was made. It is never updated. */
  refund_status: string
  merchant: string | null
  state: RefundState | null
  our_refund: number | null
}

export function compareRefund({
  out_refund_no: subject,
  refund_id,
  refund,
  refund_status,
  merchant,
  state,
  our_refund,
}: RefundPair): Finding[] {
  if (state === null || our_refund === null)
    return [
      { class: 'refund_unknown_here', subject, merchant, amount: -refund, detail: { refund_id, refund: String(refund), refund_status } },
    ]
  const found: Finding[] = []
  if (our_refund !== refund)
    found.push({
      class: 'refund_amount',
      subject,
      merchant,
      amount: our_refund - refund,
      detail: { ours: String(our_refund), theirs: String(refund) },
    })
  if (stateDiffers(state, refund_status))
    found.push({ class: 'refund_state', subject, merchant, amount: 0, detail: { ours: state, theirs: refund_status } })
  return found
}

/** Only what cannot become right by itself: the bill's PROCESSING is old news, and a success there must be one here. */
export function stateDiffers(state: RefundState, refund_status: string): boolean {
  if (refund_status === 'SUCCESS') return state !== 'succeeded'
  if (refund_status === 'FAIL') return state === 'succeeded'
  return state === 'rejected'
}

/** The fee in thousandths of a fen that a rate gives: rounded half up to a fen (bills §2, hypothesis). `ppm`: parts per million. */
export function feeOf(settlement_total: number, rate_ppm: number): number {
  return Math.floor((settlement_total * rate_ppm) / 1_000_000 + 0.5) * 1000
}

/** WeChat's own rounding is not documented, so one fen a row is tolerated. */
export const FEE_TOLERANCE_MILLIFEN = 1000
