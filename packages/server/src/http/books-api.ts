// The API of the books: the days, the differences, and files that a person brings.

import {
  actOnDifferenceRequest,
  billDate,
  type DifferenceAnswer,
  differencesQuery,
  importBillQuery,
  ofMerchantQuery,
  type ReconciliationAnswer,
  reconciliationsQuery,
  runReconciliationRequest,
  type StatementAnswer,
} from '@cashdesk/contract'
import { ageOf, type Difference, dayAfter, dayOf } from '@cashdesk/domain'
import type { BillDay } from '@cashdesk/store'
import { type Context, Hono } from 'hono'
import type { ApiKey } from '../access/keys.ts'
import { merchantFor } from '../access/who.ts'
import { importBill } from '../journeys/import-bill.ts'
import { settleDifference } from '../journeys/settle-difference.ts'
import { Problem } from '../problem.ts'
import { merchantsOf } from '../reconcile/explain.ts'
import { runDay } from '../reconcile/run-day.ts'
import type { Merchant } from '../wechat/merchant.ts'
import type { World } from '../world.ts'
import { body, query } from './input.ts'
import { onKey, param } from './routes.ts'

const DAYS_DEFAULT = 31

export function booksApi(world: World): Hono {
  const api = new Hono()

  onKey(api, world, 'listReconciliations', async (c, key) => {
    const asked = query(c.req.raw, reconciliationsQuery)
    const { mchid } = wholeNumber(world, key, asked.merchant).recipient
    const to = asked.to ?? yesterday(world)
    const days = await world.store.transaction((tx) => tx.books.days([mchid], asked.from ?? dayAfter(to, -DAYS_DEFAULT), to))
    return c.json({ data: await Promise.all(days.map((day) => answerOf(world, day))), next: null })
  })

  onKey(api, world, 'getReconciliation', async (c, key) => {
    const { recipient } = wholeNumber(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    const day = await world.store.transaction((tx) => tx.books.day(recipient.mchid, dateOf(c)))
    if (!day) throw new Problem('not_found')
    return c.json(await answerOf(world, day))
  })

  onKey(api, world, 'runReconciliation', async (c, key) => {
    const { recipient } = wholeNumber(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    const date = pastDay(world, c)
    const { again } = await body(c.req.raw, runReconciliationRequest)
    const day = await runDay(world, { mchid: recipient.mchid, date }, again)
    return c.json(await answerOf(world, day))
  })

  onKey(api, world, 'importBill', async (c, key) => {
    const { merchant, kind } = query(c.req.raw, importBillQuery)
    const { recipient } = wholeNumber(world, key, merchant)
    const of = { mchid: recipient.mchid, date: pastDay(world, c), kind }
    return c.json(await answerOf(world, await importBill(world, of, c.req.raw, key.id)))
  })

  onKey(api, world, 'listDifferences', async (c, key) => {
    const { merchant, ...page } = query(c.req.raw, differencesQuery)
    const { recipient } = wholeNumber(world, key, merchant)
    const found = await world.store.transaction((tx) => tx.books.differences({ ...page, mchids: [recipient.mchid] }))
    const next = found.length === page.limit ? (found.at(-1)?.id ?? null) : null
    return c.json({ data: found.map((one) => differenceView(one, world.clock.now())), next })
  })

  onKey(api, world, 'getDifference', async (c, key) => {
    const { recipient } = wholeNumber(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    const found = await world.store.transaction((tx) => tx.books.findDifference(param(c, 'id')))
    if (!found || found.mchid !== recipient.mchid) throw new Problem('not_found')
    return c.json(differenceView(found, world.clock.now()))
  })

  onKey(api, world, 'actOnDifference', async (c, key) => {
    const merchant = wholeNumber(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    const act = await body(c.req.raw, actOnDifferenceRequest)
    const { difference, done } = await settleDifference(world, merchant, param(c, 'id'), act, key.id)
    return c.json(differenceView(difference, world.clock.now()), done ? 200 : 202)
  })

  return api
}

/** A bill holds every merchant of its number, so the key must act for all of them. @throws Problem not_found, merchant_unclear */
function wholeNumber(world: World, key: ApiKey, wanted: string | undefined): Merchant {
  const merchant = merchantFor(world, key, wanted)
  const all = merchantsOf(world, merchant.recipient.mchid)
  if (!all.every(({ id }) => key.merchants.includes(id))) throw new Problem('not_found')
  return merchant
}

function yesterday(world: World): string {
  return dayAfter(dayOf(world.clock.now()), -1)
}

/** @throws Problem not_found for what is not a day */
function dateOf(c: Context): string {
  const date = param(c, 'date')
  if (!billDate.safeParse(date).success || Number.isNaN(Date.parse(date)) || dayAfter(date, 0) !== date) throw new Problem('not_found')
  return date
}

/** @throws Problem day_not_over */
function pastDay(world: World, c: Context): string {
  const date = dateOf(c)
  if (date > yesterday(world)) throw new Problem('day_not_over')
  return date
}

async function answerOf(world: World, day: BillDay): Promise<ReconciliationAnswer> {
  const { mchid, date, state, files, statement, runs, next_check_at, updated_at } = day
  return {
    mchid,
    date,
    state,
    // Both columns were written by us, as JSON of these shapes.
    files: JSON.parse(files) as ReconciliationAnswer['files'],
    statement: statement === null ? null : (JSON.parse(statement) as StatementAnswer),
    differences: await world.store.transaction((tx) => tx.books.counts(mchid, date)),
    runs,
    next_check_at: next_check_at === null ? null : new Date(next_check_at).toISOString(),
    updated_at: new Date(updated_at).toISOString(),
  }
}

function differenceView({ version: _, ...of }: Difference, now: number): DifferenceAnswer {
  return {
    ...of,
    age: ageOf(of.opened_at, now),
    opened_at: new Date(of.opened_at).toISOString(),
    updated_at: new Date(of.updated_at).toISOString(),
  }
}
