// Support asks what happened to an order: everything stored about it, read in one transaction, as one list in order of time.

import type { OrderStoryAnswer, StoryEntry, WechatSaid } from '@cashdesk/contract'
import { type Order, orderView, refundView } from '@cashdesk/domain'
import type { HistoryRow, Tx } from '@cashdesk/store'
import { Problem } from '../problem.ts'
import type { Merchant } from '../wechat/merchant.ts'
import type { World } from '../world.ts'

/** `number` is an out_trade_no, or the support id that a buyer was told to quote. @throws Problem not_found */
export async function tellStory({ store }: World, merchant: Merchant, number: string): Promise<OrderStoryAnswer> {
  return store.transaction(async (tx) => {
    const order = (await tx.orders.find(merchant.id, number)) ?? (await tx.orders.findBySupportId(merchant.id, number.toUpperCase()))
    if (!order) throw new Problem('not_found')
    const refunds = await tx.refunds.ofOrder(merchant.id, order.out_trade_no)
    const numbers = refunds.map(({ out_refund_no }) => out_refund_no)
    const entries = [
      ...moves(await tx.orders.history(merchant.id, order.out_trade_no), null),
      ...(await movesOfRefunds(tx, merchant, numbers)),
      ...(await refusals(tx, order)),
      ...(await notifications(tx, order)),
      ...(await events(tx, order)),
      ...(await incidents(tx, order, numbers)),
    ]
    // The sort is stable: of entries with the same time, a cause stays before its effect.
    entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    const next_check_at = order.next_check_at === null ? null : time(order.next_check_at)
    return { order: orderView(order), refunds: refunds.map(refundView), entries, next_check_at }
  })
}

const time = (ms: number): string => new Date(ms).toISOString()

function moves(rows: readonly HistoryRow[], out_refund_no: string | null): StoryEntry[] {
  return rows.map((row) => {
    const { from_state: from, to_state: to, version, source, source_ref, detail, created_at } = row
    const { wechat = null, ...notes } = (detail === null ? {} : JSON.parse(detail)) as Record<string, string> & { wechat?: WechatSaid }
    return { what: 'state', at: time(created_at), out_refund_no, from, to, version, source, source_ref, notes, wechat }
  })
}

async function movesOfRefunds(tx: Tx, merchant: Merchant, numbers: readonly string[]): Promise<StoryEntry[]> {
  const all: StoryEntry[] = []
  for (const number of numbers) all.push(...moves(await tx.refunds.history(merchant.id, number), number))
  return all
}

async function refusals(tx: Tx, { merchant, out_trade_no }: Order): Promise<StoryEntry[]> {
  const kept = await tx.refusals.ofOrder(merchant, out_trade_no)
  return kept.map(({ out_refund_no, op, status, signed, times, support_id, first_at, last_at, code, message, field, request_id }) => ({
    what: 'refusal',
    at: time(first_at),
    out_refund_no,
    op,
    status,
    wechat: { code, message, field, request_id },
    signed,
    times,
    last_at: time(last_at),
    support_id,
  }))
}

async function notifications(tx: Tx, { merchant, out_trade_no }: Order): Promise<StoryEntry[]> {
  const rows = await tx.notifications.ofOrder(merchant, out_trade_no)
  return rows.map(({ received_at, id, event_type, outcome }) => ({
    what: 'notification',
    at: time(received_at),
    out_refund_no: null,
    id,
    event_type,
    outcome,
  }))
}

async function events(tx: Tx, { merchant, out_trade_no }: Order): Promise<StoryEntry[]> {
  const all: StoryEntry[] = []
  for (const { id, type, out_refund_no, created_at } of await tx.events.ofOrder(merchant, out_trade_no)) {
    all.push({ what: 'event', at: time(created_at), out_refund_no, id, type })
    for (const row of await tx.webhooks.deliveries(merchant, id)) {
      const { event_id, endpoint_id, state, attempts, last_status, last_error, updated_at } = row
      all.push({ what: 'delivery', at: time(updated_at), out_refund_no, event_id, endpoint_id, state, attempts, last_status, last_error })
    }
  }
  return all
}

async function incidents(tx: Tx, { merchant, out_trade_no, reference }: Order, refunds: readonly string[]): Promise<StoryEntry[]> {
  const subjects = [out_trade_no, ...(reference === null ? [] : [reference]), ...refunds]
  const rows = await tx.incidents.about(merchant, subjects)
  return rows.map(({ kind, state, detail, created_at, subject }) => ({
    what: 'incident',
    at: time(created_at),
    out_refund_no: refunds.includes(subject) ? subject : null,
    kind,
    state,
    // We wrote this column ourselves, as a JSON object of strings.
    detail: JSON.parse(detail) as Record<string, string>,
  }))
}
