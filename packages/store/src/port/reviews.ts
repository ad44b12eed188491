// Decisions about a payment in review, each made by two people.

export interface Proposal {
  merchant: string
  out_trade_no: string
  decision: 'accepted' | 'rejected'
  reason: string
  /** The API key that proposed it. */
  proposed_by: string
  proposed_at: number
}

export interface Review extends Proposal {
  /** The API key that confirmed it; null until then. */
  confirmed_by: string | null
  confirmed_at: number | null
}

export interface Reviews {
  find(merchant: string, out_trade_no: string): Promise<Review | undefined>
  /** Replaces an earlier proposal. */
  propose(proposal: Proposal): Promise<Review>
  confirm(review: Review, confirmed_by: string, confirmed_at: number): Promise<void>
}
