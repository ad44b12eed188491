// WeChat reports a refund that we did not request: it was made on the merchant platform (reliability E8). It is
// recorded as a refund of its order and counted once; if that is impossible, an incident is opened for a person.

import { observeRefund, type RefundTold, refundFromConsole, shown } from '@cashdesk/domain'
import type { Evidence, Tx } from '@cashdesk/store'
import type { Merchant } from './merchant.ts'

export type Adopted = 'counted' | 'for a person'

/** `resolved_by` of incidents that the server resolves by itself. */
const BY = 'server'

/** `number` is the out_refund_no, or as much of it as can be displayed. */
export async function adoptRefund(
  tx: Tx,
  merchant: Merchant,
  told: { fact: RefundTold; number: string; out_trade_no: string | null },
  evidence: Evidence,
  now: number,
): Promise<Adopted> {
  const { fact, number, out_trade_no } = told
  const order = out_trade_no === null ? undefined : await tx.orders.lock(merchant.id, out_trade_no)
  const refund = order?.state === 'paid' ? refundFromConsole(order, fact, now) : undefined
  const { refund_id, amount } = fact as Partial<RefundTold>
  const detail = { out_trade_no: shown(fact.out_trade_no), refund_id: shown(refund_id), refund: shown(amount?.refund) }
  const incident = { merchant: merchant.id, subject: number, detail, now }
  if (!refund || !order) {
    await tx.incidents.open({ ...incident, kind: 'orphan_refund' })
    return 'for a person'
  }
  if ((await tx.refunds.insert(refund, order.mchid, evidence)) !== 'inserted') {
    // Our own refunds have reserved the rest of the order: together with this one they exceed what was paid.
    const held = { total: String(order.amount.total), held: String(order.refund_reserved), refunds: String(order.refund_count) }
    await tx.incidents.open({ ...incident, kind: 'refund_conflict', detail: { ...detail, ...held } })
    return 'for a person'
  }
  await tx.refunds.record(refund, observeRefund(refund, fact, now), evidence, now)
  for (const kind of ['orphan_refund', 'refund_conflict'] as const) {
    const open = await tx.incidents.openOne(merchant.id, kind, number)
    if (open) await tx.incidents.resolve(open, { by: BY, note: 'the refund is counted now · 该退款已计入', now })
  }
  return 'counted'
}
