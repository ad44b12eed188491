// Decisions of two people about a payment that is in review.

export interface Proposal {
  merchant: string
  out_trade_no: string
  decision: 'accepted' | 'rejected'
  reason: string
  /** Which API key. */
  proposed_by: string
  proposed_at: number
}

export interface Review extends Proposal {
  /** Another key; null while it is waited for. */
  confirmed_by: string | null
  confirmed_at: number | null
}

export interface Reviews {
  find(merchant: string, out_trade_no: string): Promise<Review | undefined>
  /** In place of whatever was proposed before. */
  propose(proposal: Proposal): Promise<Review>
  confirm(review: Review, confirmed_by: string, confirmed_at: number): Promise<void>
}
