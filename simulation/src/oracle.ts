// The oracle (reliability §2.1): after everything has settled, compares what the server says with what really happened in the emulator.

import type { Emulator } from '@cashdesk/emulator'
import type { Violation } from '@cashdesk/store'
import type { Heard } from './world.ts'

/** What clients were told. It must never turn out to be wrong. */
export interface Promised {
  orders: Map<string, { total: number; client_secret: string }>
  /** Number of orders that clients tried to place. */
  tried: number
  /** Orders of which a phone was told "paid". */
  paid: Set<string>
  refunds: Map<string, { out_trade_no: string; amount: number; reason: string }>
  /** Orders of which a phone that had paid was told something else than "paid" or "pending". */
  misled: string[]
}

/** What the oracle compares. */
export interface Observed {
  emulator: Emulator
  /** What arrived at the merchant's endpoint, repeats included. */
  heard: readonly Heard[]
  api<T>(method: 'GET', path: string): Promise<{ status: number; body: T } | 'died'>
  audit(): Promise<Violation[]>
}

interface OrderView {
  state: string
  transaction_id: string | null
  amount: { total: number; refund_reserved: number; refunded: number }
}

export async function contradictions(world: Observed, promised: Promised): Promise<string[]> {
  const wrong: string[] = []
  const { ledger } = world.emulator.truth()
  const payments = new Map(ledger.flatMap((entry) => (entry.kind === 'payment' ? [[entry.out_trade_no, entry] as const] : [])))
  const refunded = new Map<string, { out_trade_no: string; refund: number }>()
  for (const entry of ledger) {
    if ((entry.kind === 'refund' || entry.kind === 'refund_result') && entry.status === 'SUCCESS')
      refunded.set(entry.out_refund_no, { out_trade_no: entry.out_trade_no, refund: entry.amount.refund })
  }

  let money = 0
  for (const [out_trade_no, { total }] of promised.orders) {
    const answer = await world.api<OrderView>('GET', `/v1/orders/${out_trade_no}?merchant=shop`)
    if (answer === 'died' || answer.status !== 200) {
      // O5: a client was told that this order exists, but the server does not have it.
      wrong.push(`O5 ${out_trade_no} was acknowledged and is gone`)
      continue
    }
    const { body: order } = answer
    const truth = payments.get(out_trade_no)
    if ((order.state === 'paid') !== (truth !== undefined))
      wrong.push(`O1 ${out_trade_no} is ${order.state}, the bank says ${truth ? 'paid' : 'not paid'}`)
    if (truth && order.transaction_id !== truth.transaction_id) wrong.push(`O1 ${out_trade_no} names another transaction`)
    if (truth && truth.amount.total !== total) wrong.push(`O1 ${out_trade_no} was paid with another amount`)
    const given = [...refunded.values()].filter((one) => one.out_trade_no === out_trade_no).reduce((sum, one) => sum + one.refund, 0)
    if (order.amount.refunded !== given) wrong.push(`O2 ${out_trade_no} says ${order.amount.refunded} was refunded, the bank says ${given}`)
    if (given > total) wrong.push(`O2 ${out_trade_no} gave back more than was paid`)
    if (order.state === 'paid') money += total - order.amount.refunded
    if (!['paid', 'closed', 'failed'].includes(order.state)) wrong.push(`O6 ${out_trade_no} is stuck in ${order.state}`)
    if (promised.paid.has(out_trade_no) && order.state !== 'paid') wrong.push(`O5 a phone was told that ${out_trade_no} is paid`)
  }
  for (const one of promised.misled) wrong.push(`O7 a phone that had paid was told: ${one}`)
  const bank =
    [...payments.values()].reduce((sum, one) => sum + one.amount.total, 0) -
    [...refunded.values()].reduce((sum, one) => sum + one.refund, 0)
  if (money !== bank) wrong.push(`O2 the orders sum to ${money}, the bank to ${bank}`)

  const told = new Map(world.heard.map((one) => [one.id, one]))
  const facts = [...told.values()].map((one) => `${one.type} ${one.data.out_refund_no ?? one.data.out_trade_no ?? one.data.id}`)
  if (new Set(facts).size < facts.length) wrong.push(`O3 the merchant heard a fact under two ids: ${facts.sort().join(', ')}`)
  for (const no of payments.keys()) if (!facts.includes(`order.paid ${no}`)) wrong.push(`O3 the merchant never heard that ${no} was paid`)
  for (const no of refunded.keys())
    if (!facts.includes(`refund.succeeded ${no}`)) wrong.push(`O3 the merchant never heard that ${no} was refunded`)

  for (const { check, subject } of await world.audit()) wrong.push(`O4 ${check} ${subject}`)
  return wrong
}
