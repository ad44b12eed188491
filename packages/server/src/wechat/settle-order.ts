// We ask WeChat what became of an order, and give up what has expired: the way that works when no notification ever arrives.

import { closedByWechat, giveUp, isOpen, lookLater, type Order, observe, type Step } from '@cashdesk/domain'
import { ApiError, MessageError, type Transaction } from '@cashdesk/sdk'
import type { Evidence } from '@cashdesk/store'
import type { World } from '../world.ts'
import { NotAskedError } from './gate.ts'
import type { Merchant } from './merchant.ts'
import { keepSaid, saidFields } from './said.ts'

/** Returns the order as it is after asking. Never throws for what WeChat says or fails to say: the schedule asks again. */
export async function settleOrder(world: World, merchant: Merchant, order: Order): Promise<Order> {
  if (order.state === 'created') return expire(world, merchant, order)
  const fact = await ask(world, merchant, order)
  if (fact === 'no answer') return later(world, merchant, order)
  if (fact === 'not asked')
    return later(world, merchant, order, (current, now) => ({ ...current, next_check_at: now + NotAskedError.AGAIN_MS }))

  const observed =
    fact === 'not at WeChat'
      ? order
      : await step(world, merchant, order, (current, now) => observe(current, fact, now), { source: 'query' })
  const current = await expire(world, merchant, observed)
  return current.state === 'closing' ? closeAtWechat(world, merchant, current) : later(world, merchant, current)
}

/** What WeChat knows of an order, in whatever state ours is. */
export async function ask(
  world: World,
  merchant: Merchant,
  order: Order,
): Promise<Transaction | 'not at WeChat' | 'no answer' | 'not asked'> {
  try {
    return await merchant.query(order.out_trade_no)
  } catch (error) {
    // Even a signed "no such order" is no proof that there will be none: the create may still be under way.
    if (error instanceof ApiError && error.refusal.signed && error.is('ORDER_NOT_EXIST')) return 'not at WeChat'
    await noteFailure(world, merchant, order, 'query', error)
    if (error instanceof MessageError) await noteUnreadable(world, merchant, order, error)
    return error instanceof NotAskedError ? 'not asked' : 'no answer'
  }
}

/** WeChat signed an answer that does not say what a transaction says: the schedule goes on asking, and a person learns of it. */
async function noteUnreadable(world: World, merchant: Merchant, { out_trade_no }: Order, error: MessageError): Promise<void> {
  const detail = { fault: `${error.code} ${error.facts['where'] ?? ''}`.trim() }
  const incident = { merchant: merchant.id, kind: 'fact_unreadable' as const, subject: out_trade_no, detail, now: world.clock.now() }
  await world.store.transaction((tx) => tx.incidents.open(incident))
}

async function expire(world: World, merchant: Merchant, order: Order): Promise<Order> {
  const now = world.clock.now()
  if (!isOpen(order.state) || now < order.expires_at || world.skew.isWrong()) return order
  return step(world, merchant, order, (current) => giveUp(current, now), { source: 'schedule' })
}

/** Only WeChat's 204 closes. Any refusal is settled by the next query: the user may just have paid. */
async function closeAtWechat(world: World, merchant: Merchant, order: Order): Promise<Order> {
  try {
    await merchant.close(order.out_trade_no)
  } catch (error) {
    await noteFailure(world, merchant, order, 'close', error)
    return later(world, merchant, order)
  }
  return step(world, merchant, order, closedByWechat, { source: 'close' })
}

/** One step of the order as it is by now. */
export async function step(
  world: World,
  merchant: Merchant,
  order: Order,
  next: (current: Order, now: number) => Step,
  evidence: Evidence,
): Promise<Order> {
  const now = world.clock.now()
  const after = await world.store.transaction(async (tx) => {
    const current = await tx.orders.lock(merchant.id, order.out_trade_no)
    return current ? tx.orders.record(current, next(current, now), evidence, now) : order
  })
  if (after.state !== order.state) {
    world.log('order.settled', { merchant: merchant.id, out_trade_no: order.out_trade_no, state: after.state })
  }
  return after
}

async function later(world: World, merchant: Merchant, order: Order, next = lookLater): Promise<Order> {
  if (order.next_check_at === null || world.skew.isWrong()) return order
  return world.store.transaction(async (tx) => {
    const current = await tx.orders.lock(merchant.id, order.out_trade_no)
    if (!current || current.next_check_at === null) return current ?? order
    const looked = next(current, world.clock.now())
    await tx.orders.reschedule(looked)
    return looked
  })
}

/** In the log, and with the order where it was WeChat that said no. */
async function noteFailure(world: World, merchant: Merchant, order: Order, op: 'query' | 'close', error: unknown): Promise<void> {
  const { out_trade_no, openid } = order
  world.log(`order.${op}_failed`, { merchant: merchant.id, out_trade_no, ...saidFields(error, [openid]) })
  if (!(error instanceof ApiError)) return
  const about = { merchant: merchant.id, out_trade_no, out_refund_no: null, op, openid }
  await world.store.transaction((tx) => keepSaid(tx, about, error, world.clock.now()))
}
