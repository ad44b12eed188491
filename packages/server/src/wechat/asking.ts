// The life cycle of everything that waits for WeChat (orders, refunds): claim → ask → observe → later. An `Asked` describes one product; this is the
// shared part. The schedule claims the rows (jobs/settler.ts). Asking never throws for what WeChat answers or fails to answer: the schedule asks again.

import { ApiError, MessageError } from '@cashdesk/sdk'
import type { Evidence, Refusal, Tx } from '@cashdesk/store'
import type { World } from '../world.ts'
import { NotAskedError } from './gate.ts'
import type { Merchant } from './merchant.ts'
import { keepSaid, saidFields } from './said.ts'

/** A row that the schedule can check later. */
export interface Row {
  out_trade_no: string
  state: string
  /** Epoch milliseconds; null when it is settled. */
  next_check_at: number | null
}

export type Answer<Fact> = Fact | 'not at WeChat' | 'no answer' | 'not asked'

/** The rules of one product. */
export interface Asked<R extends Row, Fact extends object, Step> {
  query(merchant: Merchant, row: R): Promise<Fact>
  /** The error code of a signed answer that means that WeChat has no such order or refund. */
  absent: string
  query_op: Refusal['op']
  /** Names of log events: for a row that settled, and for a failed call of each kind. */
  settled_event: string
  failure_event(op: Refusal['op']): string
  /** The refund's number, if it is a refund; and the payer's openid, which WeChat's error text may repeat and which must be removed from it. */
  about(row: R): { out_refund_no: string | null; openid?: string | null }
  lock(tx: Tx, merchant: Merchant, row: R): Promise<R | undefined>
  record(tx: Tx, row: R, step: Step, evidence: Evidence, now: number): Promise<R>
  reschedule(tx: Tx, row: R): Promise<void>
  /** Plans the next check by the product's schedule. */
  lookLater(row: R, now: number): R
}

export interface Asking<R extends Row, Fact extends object, Step> {
  /** Asks WeChat about a row, whatever state ours is in. */
  ask(world: World, merchant: Merchant, row: R): Promise<Answer<Fact>>
  /** Locks the row, applies one step to its current state and records it. */
  step(world: World, merchant: Merchant, row: R, next: (current: R, now: number) => Step, evidence: Evidence): Promise<R>
  /** Plans the next check, by the product's schedule or by `look`. */
  later(world: World, merchant: Merchant, row: R, look?: (current: R, now: number) => R): Promise<R>
  /** Logs a failed call; if WeChat refused it, also stores the refusal with the order. */
  noteFailure(world: World, merchant: Merchant, row: R, op: Refusal['op'], error: unknown): Promise<void>
}

export function asking<R extends Row, Fact extends object, Step>(product: Asked<R, Fact, Step>): Asking<R, Fact, Step> {
  const noteFailure: Asking<R, Fact, Step>['noteFailure'] = async (world, merchant, row, op, error) => {
    const { out_refund_no, openid = null } = product.about(row)
    const { out_trade_no } = row
    world.log(product.failure_event(op), { merchant: merchant.id, out_trade_no, ...saidFields(error, [openid]) })
    if (!(error instanceof ApiError)) return
    const about = { merchant: merchant.id, out_trade_no, out_refund_no, op, openid }
    await world.store.transaction((tx) => keepSaid(tx, about, error, world.clock.now()))
  }

  const later: Asking<R, Fact, Step>['later'] = async (world, merchant, row, look = product.lookLater) => {
    if (row.next_check_at === null || world.skew.isWrong()) return row
    return world.store.transaction(async (tx) => {
      const current = await product.lock(tx, merchant, row)
      if (!current || current.next_check_at === null) return current ?? row
      const looked = look(current, world.clock.now())
      await product.reschedule(tx, looked)
      return looked
    })
  }

  return {
    noteFailure,
    later,
    async ask(world, merchant, row) {
      try {
        return await product.query(merchant, row)
      } catch (error) {
        // Even a signed "no such order" does not prove that there will be none: our create request may still be under way.
        if (error instanceof ApiError && error.refusal.signed && error.is(product.absent)) return 'not at WeChat'
        await noteFailure(world, merchant, row, product.query_op, error)
        if (error instanceof NotAskedError) return 'not asked'
        if (error instanceof MessageError)
          await noteUnreadable(world, merchant, product.about(row).out_refund_no ?? row.out_trade_no, error)
        return 'no answer'
      }
    },
    async step(world, merchant, row, next, evidence) {
      const now = world.clock.now()
      const after = await world.store.transaction(async (tx) => {
        const current = await product.lock(tx, merchant, row)
        return current ? product.record(tx, current, next(current, now), evidence, now) : row
      })
      if (after.state !== row.state)
        world.log(product.settled_event, { merchant: merchant.id, out_trade_no: row.out_trade_no, state: after.state })
      return after
    },
  }
}

/** Plans the next check after `NotAskedError.AGAIN_MS`: we decided not to ask WeChat, so the row need not wait for its own schedule. */
export function soon<R extends Row>(row: R, now: number): R {
  return { ...row, next_check_at: now + NotAskedError.AGAIN_MS }
}

/** WeChat signed an answer without the required content: an incident tells a person, and the schedule goes on asking. */
async function noteUnreadable(world: World, merchant: Merchant, subject: string, error: MessageError): Promise<void> {
  const detail = { fault: `${error.code} ${error.facts['where'] ?? ''}`.trim() }
  const incident = { merchant: merchant.id, kind: 'fact_unreadable' as const, subject, detail, now: world.clock.now() }
  await world.store.transaction((tx) => tx.incidents.open(incident))
}
