// Repairs the data after a backup was restored or a standby took over: WeChat is queried about everything that is open, and about all that was created since
// a moment, also if we think it is done. It only records answers; the schedule then closes or retries. Payments whose rows are lost arrive as incidents (C9).

import { nameOf, observe, observeRefund } from '@cashdesk/domain'
import type { Tx } from '@cashdesk/store'
import { adoptRefund } from '../wechat/adopt-refund.ts'
import type { Merchant } from '../wechat/merchant.ts'
import { orderAtWechat } from '../wechat/settle-order.ts'
import { refundAtWechat } from '../wechat/settle-refund.ts'
import type { World } from '../world.ts'

export interface RepairOptions {
  /** All merchants of the configuration when absent. */
  merchant?: string | undefined
  /** Epoch milliseconds: everything created since then is queried too. */
  since?: number | undefined
  /** Queries per second at most, in addition to those of running servers. */
  per_second: number
  /** Called for each order or refund that changed, that WeChat did not answer, or that needs a person. */
  report(found: Found): void
}

export interface Found {
  merchant: string
  kind: 'order' | 'refund'
  number: string
  what: 'changed' | 'no answer' | 'needs a person'
  from: string
  to: string
}

export interface Repaired {
  asked: number
  changed: number
  no_answer: number
  for_a_person: number
}

type Look = Omit<Found, 'merchant' | 'kind' | 'number'> | undefined

/** Concurrent queries. */
const TOGETHER = 10
const STRANGE_MAX = 1000

/** Queries WeChat and records what has changed. Returns the counts. @throws TypeError for a merchant that is not in the configuration */
export async function repair(world: World, options: RepairOptions): Promise<Repaired> {
  const result: Repaired = { asked: 0, changed: 0, no_answer: 0, for_a_person: 0 }
  for (const merchant of chosen(world, options.merchant)) {
    const [ofOrders, ofRefunds] = await world.store.transaction(
      async (tx) =>
        [await tx.orders.unresolved(merchant.id, options.since), await tx.refunds.unresolved(merchant.id, options.since)] as const,
    )
    const strange = await world.store.transaction((tx) => numbersOfStrangeRefunds(tx, merchant))
    // Orders come first, because a refund can only be applied to a paid order.
    const works = [
      ...ofOrders.map((number) => ({ kind: 'order' as const, number, look: () => lookAtOrder(world, merchant, number) })),
      ...ofRefunds.map((number) => ({ kind: 'refund' as const, number, look: () => lookAtRefund(world, merchant, number) })),
      ...strange.map((number) => ({ kind: 'refund' as const, number, look: () => lookAtStrange(world, merchant, number) })),
    ]
    for (let from = 0; from < works.length; from += TOGETHER) {
      const began = world.clock.now()
      const some = works.slice(from, from + TOGETHER)
      for (const [i, look] of (await Promise.all(some.map((work) => work.look()))).entries()) {
        const work = some[i]
        if (!work || !look) continue
        count(result, look.what)
        options.report({ merchant: merchant.id, kind: work.kind, number: work.number, ...look })
      }
      result.asked += some.length
      await rest(world, began + Math.floor((some.length / options.per_second) * 1000))
    }
  }
  return result
}

function chosen(world: World, id: string | undefined): Merchant[] {
  if (id === undefined) return [...world.merchants.values()]
  const merchant = world.merchants.get(id)
  if (!merchant) throw new TypeError(`no merchant is called ${id} · 没有名为 ${id} 的商户`)
  return [merchant]
}

async function lookAtOrder(world: World, merchant: Merchant, out_trade_no: string): Promise<Look> {
  const order = await world.store.transaction((tx) => tx.orders.find(merchant.id, out_trade_no))
  if (!order) return undefined
  const told = await orderAtWechat.ask(world, merchant, order)
  if (told === 'no answer' || told === 'not asked') return { what: 'no answer', from: order.state, to: order.state }
  if (told === 'not at WeChat') return undefined
  const after = await orderAtWechat.step(world, merchant, order, (current, now) => observe(current, told, now), { source: 'query' })
  // WeChat says that it was refunded, but there is no refund here: its number is not known, so a person must look for it.
  const unknownRefund = told.trade_state === 'REFUND' && after.refund_count === 0
  if (unknownRefund) await noteUnknownRefund(world, merchant, out_trade_no)
  if (unknownRefund || (after.state === 'review' && order.state !== 'review')) {
    return { what: 'needs a person', from: order.state, to: unknownRefund ? 'refunded at WeChat' : after.state }
  }
  return after.state === order.state ? undefined : { what: 'changed', from: order.state, to: after.state }
}

async function noteUnknownRefund(world: World, merchant: Merchant, out_trade_no: string): Promise<void> {
  const incident = { merchant: merchant.id, kind: 'orphan_refund' as const, subject: out_trade_no, detail: { out_trade_no } }
  await world.store.transaction((tx) => tx.incidents.open({ ...incident, now: world.clock.now() }))
}

async function lookAtRefund(world: World, merchant: Merchant, out_refund_no: string): Promise<Look> {
  const refund = await world.store.transaction((tx) => tx.refunds.find(merchant.id, out_refund_no))
  if (!refund) return undefined
  const told = await refundAtWechat.ask(world, merchant, refund)
  if (told === 'no answer' || told === 'not asked') return { what: 'no answer', from: refund.state, to: refund.state }
  if (told === 'not at WeChat') return undefined
  const after = await refundAtWechat.step(world, merchant, refund, (current, now) => observeRefund(current, told, now), { source: 'query' })
  if (after.state === refund.state) return undefined
  return { what: after.state === 'abnormal' ? 'needs a person' : 'changed', from: refund.state, to: after.state }
}

/** Refunds made on the merchant platform that could not be counted when WeChat reported them. */
async function numbersOfStrangeRefunds(tx: Tx, merchant: Merchant): Promise<string[]> {
  const open = []
  for (const kind of ['orphan_refund', 'refund_conflict'] as const)
    open.push(...(await tx.incidents.list(merchant.id, { kind, state: 'open', limit: STRANGE_MAX })))
  return [...new Set(open.map(({ subject }) => subject))]
}

async function lookAtStrange(world: World, merchant: Merchant, number: string): Promise<Look> {
  const known = await world.store.transaction((tx) => tx.refunds.find(merchant.id, number))
  if (known) return undefined
  const fact = await merchant.queryRefund(number).catch(() => undefined)
  if (!fact) return undefined
  const told = { fact, number, out_trade_no: nameOf(fact.out_trade_no) }
  const adopted = await world.store.transaction((tx) => adoptRefund(tx, merchant, told, { source: 'query' }, world.clock.now()))
  return { what: adopted === 'counted' ? 'changed' : 'needs a person', from: 'unknown', to: fact.status }
}

function count(result: Repaired, what: Found['what']): void {
  if (what === 'changed') result.changed++
  else if (what === 'no answer') result.no_answer++
  else result.for_a_person++
}

function rest({ clock }: World, until: number): Promise<void> {
  const pause = until - clock.now()
  return pause <= 0 ? Promise.resolve() : new Promise((resolve) => clock.timer(pause, resolve))
}
