// A difference between the ledger and WeChat's bills: its class, its state, and the only functions that may change it.

/** What may differ. The order is that of the page of classes: trade, refunds, fees, funds. */
export const DIFFERENCE_CLASSES = [
  'paid_there_not_here',
  'unknown_here',
  'missing_there',
  'amount',
  'recipient',
  'transaction_id',
  'currency',
  'double_payment',
  'refund_unknown_here',
  'refund_missing_there',
  'refund_amount',
  'refund_state',
  'fee_rate',
  'fee_amount',
  'fee_return',
  'fund_missing',
  'fund_extra',
  'fund_amount',
  'balance_break',
  'unknown_business',
] as const
export type DifferenceClass = (typeof DIFFERENCE_CLASSES)[number]

/** `explained`: by the machine, with evidence. `resolved`: by a person, with a reason. `accepted`: written off. */
export type DifferenceState = 'open' | 'explained' | 'assigned' | 'resolved' | 'accepted'

/** Why a person considers a difference settled. */
export const RESOLUTION_REASONS = ['refunded', 'corrected', 'foreign_system', 'timing', 'fee_agreed', 'wechat_confirmed', 'other'] as const
export type ResolutionReason = (typeof RESOLUTION_REASONS)[number]

/** What a comparison found. The same finding of a later run is the same difference. */
export interface Finding {
  class: DifferenceClass
  /** The number that it is about: of an order, a payment, a refund, a flow, or a rate. */
  subject: string
  /** Our name of the merchant, where an order is known. */
  merchant: string | null
  /** Fen: positive when WeChat has more than we (长款), negative when we have more (短款). */
  amount: number
  /** The values that differ, as text. */
  detail: Readonly<Record<string, string>>
}

export interface Difference extends Finding {
  id: string
  mchid: string
  /** The bill's day, `YYYY-MM-DD`, Beijing. */
  date: string
  state: DifferenceState
  reason: ResolutionReason | null
  /** What explains it, in words of the machine: `late 12 min`, `day edge 2026-11-24`. */
  evidence: string | null
  owner: string | null
  note: string | null
  /** The key that wants to write it off; a second, unrelated one confirms. */
  proposed_by: string | null
  version: number
  opened_at: number
  updated_at: number
}

/** For each state, the states that may follow. New evidence reopens. */
export const DIFFERENCE_MOVES: Readonly<Record<DifferenceState, readonly DifferenceState[]>> = {
  open: ['explained', 'assigned', 'resolved', 'accepted'],
  assigned: ['open', 'assigned', 'explained', 'resolved', 'accepted'],
  explained: ['open'],
  resolved: ['open'],
  accepted: ['open'],
}

export const DIFFERENCE_STATES = Object.keys(DIFFERENCE_MOVES) as readonly DifferenceState[]

/** Whether it still waits for someone. */
export function isUnsettled(state: DifferenceState): boolean {
  return state === 'open' || state === 'assigned'
}

/** The evidence of a difference that a later run did not find again. */
export const GONE: string = 'gone'

/** A later run finds it again. It reopens if it counts differently now, or if it had been gone. */
export function foundAgain(before: Difference, finding: Finding): Difference {
  const changed = before.amount !== finding.amount || JSON.stringify(before.detail) !== JSON.stringify(finding.detail)
  if (!changed && before.evidence !== GONE) return before
  const next = { ...before, proposed_by: null, amount: finding.amount, detail: finding.detail, merchant: finding.merchant }
  return isUnsettled(before.state) ? next : { ...next, state: 'open', reason: null, evidence: null }
}

/** The machine knows why. What a person has settled already stays as it is. */
export function explain(before: Difference, evidence: string): Difference {
  return isUnsettled(before.state) ? { ...before, state: 'explained', evidence } : before
}

export type Act =
  | { act: 'assign'; owner: string; note?: string | undefined }
  | { act: 'resolve'; reason: ResolutionReason; note: string }
  /** Wants it written off. Above WRITE_OFF_ALONE_MAX a second person accepts. */
  | { act: 'propose'; by: string; note: string }
  /** Written off: the loss or gain is accepted. */
  | { act: 'accept'; note: string }
  | { act: 'reopen'; note: string }

/** What a person does. Undefined if the state does not allow it. */
export function actOn(before: Difference, act: Act): Difference | undefined {
  const to = ({ assign: 'assigned', propose: 'assigned', resolve: 'resolved', accept: 'accepted', reopen: 'open' } as const)[act.act]
  if (!DIFFERENCE_MOVES[before.state].includes(to)) return undefined
  const note = act.note ?? before.note
  switch (act.act) {
    case 'assign':
      return { ...before, state: to, owner: act.owner, note }
    case 'propose':
      return { ...before, state: to, owner: before.owner ?? act.by, proposed_by: act.by, note }
    case 'resolve':
      return { ...before, state: to, reason: act.reason, proposed_by: null, note }
    case 'accept':
      return { ...before, state: to, note }
    case 'reopen':
      return { ...before, state: to, reason: null, evidence: null, proposed_by: null, note }
  }
}

/** Fen that one person may write off alone. */
export const WRITE_OFF_ALONE_MAX: number = 10_000

/** Days as finance counts the age of a difference. */
export const AGE_BUCKETS = ['0-1', '2-3', '4-7', '8-30', '>30'] as const
export type AgeBucket = (typeof AGE_BUCKETS)[number]

const DAY_MS = 24 * 60 * 60 * 1000

export function ageOf(opened_at: number, now: number): AgeBucket {
  const days = Math.floor((now - opened_at) / DAY_MS)
  if (days <= 1) return '0-1'
  if (days <= 3) return '2-3'
  if (days <= 7) return '4-7'
  return days <= 30 ? '8-30' : '>30'
}
