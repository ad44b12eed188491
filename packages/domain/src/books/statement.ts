// The statement of one day: opening balance + every movement = closing balance, in fen, equal to WeChat's own balance lines.

import type { Finding } from './difference.ts'

/** A movement of the fund-flow bill, as far as the statement needs it. */
export interface Movement {
  line: number
  /** Epoch milliseconds. */
  at: number
  flow_id: string
  business_name: string
  business_type: string
  direction: 'in' | 'out'
  /** Fen. */
  amount: number
  /** Fen: the balance after the movement. */
  balance: number
}

/** Sums in fen. Everything is positive except `other`, `shares` and `transfers`, which are net. */
export interface Statement {
  opening: number
  receipts: number
  fees: number
  refunds: number
  fee_returns: number
  refunds_returned: number
  shares: number
  transfers: number
  withdrawals: number
  recharges: number
  other: number
  closing: number
}

type Item = Exclude<keyof Statement, 'opening' | 'closing'>

/** 业务名称 and 业务类型 are open sets. The first pattern that fits both words names the item; `undefined`: not known. */
const ITEMS: readonly [pattern: RegExp, item: Item][] = [
  [/手续费.*(退|返)|退.*手续费/, 'fee_returns'],
  [/手续费/, 'fees'],
  [/退款.*(退回|退还|关闭)/, 'refunds_returned'],
  [/退款/, 'refunds'],
  [/分账|解冻/, 'shares'],
  [/提现/, 'withdrawals'],
  [/充值/, 'recharges'],
  [/转账|付款/, 'transfers'],
  [/交易/, 'receipts'],
]

export function itemOf({ business_name, business_type }: Pick<Movement, 'business_name' | 'business_type'>): Item | undefined {
  return [business_type, business_name].flatMap((word) => ITEMS.filter(([pattern]) => pattern.test(word)))[0]?.[1]
}

const SIGNED_OUT: ReadonlySet<Item> = new Set<Item>(['fees', 'refunds', 'withdrawals'])

export interface Summing {
  add(movement: Movement): void
  /** The statement, and what is wrong with the chain of balances. Undefined if there was no movement. */
  done(): { statement: Statement; findings: Finding[] } | undefined
}

/**
 * Sums the movements of a file, in the order of its lines, and follows the chain of balances: each must be the one before, plus or minus the amount. Lines of
 * the same second may stand in any order, so a break counts only if no order of that second's lines closes it.
 */
export function summing(): Summing {
  const sums: Record<Item, number> = {
    receipts: 0,
    fees: 0,
    refunds: 0,
    fee_returns: 0,
    refunds_returned: 0,
    shares: 0,
    transfers: 0,
    withdrawals: 0,
    recharges: 0,
    other: 0,
  }
  const findings: Finding[] = []
  const unknown = new Map<string, { amount: number; count: number }>()
  let opening: number | undefined
  let balance = 0
  let second: Movement[] = []

  const flush = (): void => {
    const [first] = second
    if (!first) return
    if (opening === undefined) {
      opening = startOf(second)
      balance = opening
    }
    const end = balance + second.reduce((sum, one) => sum + changeOf(one), 0)
    const chained = chainEnd(second, balance)
    if (chained === undefined) {
      const [last] = second.slice(-1)
      const theirs = last?.balance ?? end
      findings.push({
        class: 'balance_break',
        subject: first.flow_id,
        merchant: null,
        amount: theirs - end,
        detail: { line: String(first.line), expected: String(end), balance: String(theirs) },
      })
      balance = theirs
    } else balance = chained
    second = []
  }

  return {
    add(movement) {
      if (second[0] && second[0].at !== movement.at) flush()
      second.push(movement)
      const change = changeOf(movement)
      const item = itemOf(movement)
      if (item === undefined) {
        const name = `${movement.business_name}/${movement.business_type}`
        const { amount, count } = unknown.get(name) ?? { amount: 0, count: 0 }
        unknown.set(name, { amount: amount + change, count: count + 1 })
        sums.other += change
      } else sums[item] += SIGNED_OUT.has(item) ? -change : change
    },
    done() {
      flush()
      if (opening === undefined) return undefined
      for (const [subject, { amount, count }] of unknown)
        findings.push({ class: 'unknown_business', subject, merchant: null, amount, detail: { count: String(count) } })
      return { statement: { opening, ...sums, closing: balance }, findings }
    },
  }
}

function changeOf({ direction, amount }: Pick<Movement, 'direction' | 'amount'>): number {
  return direction === 'in' ? amount : -amount
}

/** The balance after the lines of one second, if some order of them is a chain from `from`. */
function chainEnd(lines: readonly Movement[], from: number): number | undefined {
  const left = [...lines]
  let balance = from
  while (left.length > 0) {
    // The line that follows is the one whose balance is the present one after its own change.
    const next = left.findIndex((one) => one.balance === balance + changeOf(one))
    const [line] = next < 0 ? [] : left.splice(next, 1)
    if (!line) return undefined
    balance = line.balance
  }
  return balance
}

/** The balance before the first second: one from which its lines are a chain, or the one before the first line if there is none. */
function startOf(lines: readonly Movement[]): number {
  const starts = lines.map((one) => one.balance - changeOf(one))
  return starts.find((start) => chainEnd(lines, start) !== undefined) ?? starts[0] ?? 0
}

/** What the sums give as closing balance. It equals `closing` unless the chain is broken. */
export function expectedClosing(of: Statement): number {
  return (
    of.opening +
    of.receipts -
    of.fees -
    of.refunds +
    of.fee_returns +
    of.refunds_returned +
    of.shares +
    of.transfers -
    of.withdrawals +
    of.recharges +
    of.other
  )
}
