// A person settles a difference: assign, resolve, write off, reopen. In one transaction, with an entry in the audit log.

import type { ActOnDifferenceRequest } from '@cashdesk/contract'
import { type Act, actOn, type Difference, dayStateOf, WRITE_OFF_ALONE_MAX } from '@cashdesk/domain'
import type { BillDay, Tx } from '@cashdesk/store'
import { areUnrelated } from '../access/keys.ts'
import { Problem } from '../problem.ts'
import { foreignPrefixes } from '../reconcile/explain.ts'
import { tellPerson } from '../reconcile/tell.ts'
import type { Merchant } from '../wechat/merchant.ts'
import type { World } from '../world.ts'

export interface Settled {
  difference: Difference
  /** False while a write-off waits for the second person. */
  done: boolean
}

/** @throws Problem not_found, difference_settled, write_off_same_maker */
export async function settleDifference(
  world: World,
  merchant: Merchant,
  id: string,
  request: ActOnDifferenceRequest,
  who: string,
): Promise<Settled> {
  const now = world.clock.now()
  const settled = await world.store.transaction(async (tx): Promise<Settled> => {
    const before = await tx.books.lockDifference(id)
    if (!before || before.mchid !== merchant.recipient.mchid) throw new Problem('not_found')
    const day = await tx.books.day(before.mchid, before.date)
    const act = await actFor(tx, before, request, who)
    const wanted = actOn(before, act)
    if (!wanted) throw new Problem('difference_settled')
    const difference = await tx.books.change(before, wanted, who, request.note ?? null, now)
    if (request.act === 'resolve' && request.reason === 'foreign_system' && request.prefix !== undefined)
      await learnPrefix(tx, before.mchid, request.prefix)
    if (day) await settleDay(world, tx, day)
    const detail = { ...request, amount: before.amount, class: before.class, date: before.date }
    await tx.auditLog.append({ at: now, who, act: `difference.${act.act}`, merchant: merchant.id, subject: before.subject, detail })
    return { difference, done: act.act !== 'propose' }
  })
  world.log('difference.settled', { merchant: merchant.id, detail: id, state: settled.difference.state })
  return settled
}

/** A write-off above the limit is proposed first; a key that is unrelated to the proposer's accepts it. */
async function actFor(tx: Tx, { amount, proposed_by }: Difference, request: ActOnDifferenceRequest, who: string): Promise<Act> {
  if (request.act !== 'accept' || Math.abs(amount) <= WRITE_OFF_ALONE_MAX) return request
  if (proposed_by === null || proposed_by === who) return { act: 'propose', by: who, note: request.note }
  if (!areUnrelated(proposed_by, who, await tx.apiKeys.list())) throw new Problem('write_off_same_maker')
  return request
}

/** The last difference that is settled closes the day. */
async function settleDay(world: World, tx: Tx, day: BillDay): Promise<void> {
  if (day.state !== 'open' && day.state !== 'explained') return
  const { unsettled, settled } = await tx.books.counts(day.mchid, day.date)
  const state = dayStateOf({ unsettled, settled, lines: 1 })
  if (state === day.state) return
  await tx.books.saveDay({ ...day, state, updated_at: world.clock.now() })
  await tellPerson(world, tx, { ...day, state }, unsettled)
}

async function learnPrefix(tx: Tx, mchid: string, prefix: string): Promise<void> {
  const name = foreignPrefixes(mchid)
  const known = JSON.parse((await tx.settings.get(name)) ?? '[]') as string[]
  if (!known.includes(prefix)) await tx.settings.write(name, JSON.stringify([...known, prefix]))
}
