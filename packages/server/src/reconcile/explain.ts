// Asks WeChat about differences that a signed answer can explain: a notification that came late, a refund made on the merchant platform, an old state.
// A line of a bill changes an order only through such an answer. What WeChat does not explain stays for a person.

import { type Difference, explain, isRefundSettled } from '@cashdesk/domain'
import { adoptRefund } from '../wechat/adopt-refund.ts'
import type { Merchant } from '../wechat/merchant.ts'
import { settleOrder } from '../wechat/settle-order.ts'
import { settleRefund } from '../wechat/settle-refund.ts'
import type { World } from '../world.ts'

/** Name of the setting with the prefixes of another system's numbers on the same merchant number, as a JSON array. */
export function foreignPrefixes(mchid: string): string {
  return `books.foreign.${mchid}`
}

/** Looks at each unsettled difference of the day. Returns how many were explained. */
export async function explainDay(world: World, mchid: string, date: string): Promise<number> {
  let explained = 0
  let after: string | undefined
  for (;;) {
    const page = { limit: 100, mchids: [mchid], date, state: 'open' as const, after }
    const found = await world.store.transaction((tx) => tx.books.differences(page))
    for (const difference of found) {
      const evidence = await evidenceFor(world, mchid, difference)
      if (evidence === undefined) continue
      await world.store.transaction(async (tx) => {
        const current = await tx.books.lockDifference(difference.id)
        if (current?.state === 'open') await tx.books.change(current, explain(current, evidence), 'machine', null, world.clock.now())
      })
      explained++
    }
    after = found.at(-1)?.id
    if (found.length < page.limit) return explained
  }
}

/** What explains it, or undefined. */
async function evidenceFor(world: World, mchid: string, of: Difference): Promise<string | undefined> {
  switch (of.class) {
    case 'paid_there_not_here':
      return latePayment(world, of)
    case 'unknown_here':
      return foreignOrder(world, mchid, of)
    case 'refund_unknown_here':
      return consoleRefund(world, mchid, of)
    case 'refund_state':
      return lateRefund(world, of)
    default:
      return undefined
  }
}

/** The order is queried, and the signed answer goes the way of every fact. */
async function latePayment(world: World, { merchant: id, subject, detail }: Difference): Promise<string | undefined> {
  const merchant = id === null ? undefined : world.merchants.get(id)
  const order = merchant && (await world.store.transaction((tx) => tx.orders.find(merchant.id, subject)))
  if (!merchant || !order) return undefined
  const after = await settleOrder(world, merchant, order)
  if (after.state !== 'paid' || after.paid_at === null || after.transaction_id !== detail['transaction_id']) return undefined
  return `late: recorded ${Math.round((world.clock.now() - after.paid_at) / 60_000)} min after the payment`
}

async function foreignOrder(world: World, mchid: string, { subject }: Difference): Promise<string | undefined> {
  const known = await world.store.transaction((tx) => tx.settings.get(foreignPrefixes(mchid)))
  const prefix = (JSON.parse(known ?? '[]') as string[]).find((one) => subject.startsWith(one))
  return prefix === undefined ? undefined : `foreign: numbers of another system begin with ${prefix}`
}

/** A refund made on the merchant platform, whose notification did not come. */
async function consoleRefund(world: World, mchid: string, { subject }: Difference): Promise<string | undefined> {
  for (const merchant of merchantsOf(world, mchid)) {
    const fact = await merchant.queryRefund(subject).catch(() => undefined)
    if (!fact || fact.out_refund_no !== subject) continue
    const out_trade_no = fact.out_trade_no
    const order = await world.store.transaction((tx) => tx.orders.find(merchant.id, out_trade_no))
    if (!order) continue
    const adopted = await world.store.transaction((tx) =>
      adoptRefund(tx, merchant, { fact, number: subject, out_trade_no }, { source: 'query' }, world.clock.now()),
    )
    if (adopted === 'counted') return 'console: the refund was made on the merchant platform, and is counted now'
  }
  return undefined
}

async function lateRefund(world: World, { merchant: id, subject, detail }: Difference): Promise<string | undefined> {
  const merchant = id === null ? undefined : world.merchants.get(id)
  const refund = merchant && (await world.store.transaction((tx) => tx.refunds.find(merchant.id, subject)))
  if (!merchant || !refund) return undefined
  const after = isRefundSettled(refund.state) ? refund : await settleRefund(world, merchant, refund)
  if (detail['theirs'] === 'SUCCESS' && after.state === 'succeeded') return 'late: the success was recorded by this query'
  return undefined
}

/** Our merchants that sign with one number: a direct one, or a provider's sub-merchants. */
export function merchantsOf(world: World, mchid: string): Merchant[] {
  return [...world.merchants.values()].filter(({ recipient }) => recipient.mchid === mchid)
}
