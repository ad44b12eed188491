// Compares one day: ledger, trade bill and fund-flow bill, in slices of a few thousand lines, each a transaction of its own. A run that is broken off is
// begun again: the same finding is the same difference.

import { comparePayment, compareRefund, dayStart, FEE_TOLERANCE_MILLIFEN, type Finding, itemOf } from '@cashdesk/domain'
import type { BillFile, Slice, Tx } from '@cashdesk/store'
import type { World } from '../world.ts'
import type { TradeSummary } from './load.ts'

export interface RunOf {
  mchid: string
  date: string
  run: number
}

/** Lines of one slice. */
const SLICE = 1000
const DAY_MS = 24 * 60 * 60 * 1000

/** `traded`: the trade bill is there, or WeChat says that there is none. Without it nothing can be missing from it. */
export async function compareDay(world: World, of: RunOf, traded = true): Promise<void> {
  const { trade, funds } = await world.store.transaction(async (tx) => ({
    trade: await tx.books.currentFile(of.mchid, of.date, 'trade'),
    funds: await tx.books.currentFile(of.mchid, of.date, 'fund_flow'),
  }))
  if (trade) {
    await compareTrades(world, of, trade, funds !== undefined)
    await compareFees(world, of, trade)
  }
  if (funds) await compareFunds(world, of, funds, traded)
  if (traded) await compareOurs(world, of, trade?.lines ?? 0)
  await world.store.transaction((tx) => tx.books.explainGone(of, world.clock.now()))
}

/** Bill → ours, and trade bill → fund bill where that is there. */
async function compareTrades(world: World, of: RunOf, file: BillFile, withFunds: boolean): Promise<void> {
  for (const slice of slicesOf(file.lines)) {
    await noteAll(world, of, async ({ books }) => [
      ...(await books.oddPayments(file.id, slice)).flatMap(comparePayment),
      ...(await books.oddRefunds(file.id, slice)).flatMap(compareRefund),
      ...(await books.feeReturns(file.id, slice)),
      ...(withFunds ? await books.oddFunds(file.id, slice) : []),
    ])
  }
}

/** One difference a day and rate, not one a row. */
async function compareFees(world: World, of: RunOf, file: BillFile): Promise<void> {
  const wrong = new Map<number, { count: number; off: number }>()
  const fees = new Map<number, { count: number; fee: number }>()
  for (const slice of slicesOf(file.lines)) {
    for (const rate of await world.store.transaction((tx) => tx.books.feesOf(file.id, slice))) {
      const [before, sum] = [wrong.get(rate.rate_ppm) ?? { count: 0, off: 0 }, fees.get(rate.rate_ppm) ?? { count: 0, fee: 0 }]
      fees.set(rate.rate_ppm, { count: sum.count + Number(rate.count), fee: sum.fee + Number(rate.fee) })
      if (Number(rate.wrong) > 0) wrong.set(rate.rate_ppm, { count: before.count + Number(rate.wrong), off: before.off + Number(rate.off) })
    }
  }
  await noteAll(world, of, async ({ books }) => {
    const known = await books.ratesBefore(of.mchid, of.date)
    const { rates } = JSON.parse(file.summary ?? '{"rates":[]}') as TradeSummary
    // The first day teaches the rates; a rate that no earlier bill had is for a person.
    const fresh = known.length === 0 ? [] : rates.filter((rate) => !known.includes(rate))
    return [
      ...[...wrong].map(([rate, { count, off }]) => feeFinding('fee_amount', rate, off, { count: String(count) })),
      ...fresh.map((rate) =>
        feeFinding('fee_rate', rate, -(fees.get(rate)?.fee ?? 0), {
          known: known.map(percent).join(' '),
          count: String(fees.get(rate)?.count ?? 0),
        }),
      ),
    ]
  })
}

function feeFinding(of: 'fee_amount' | 'fee_rate', rate_ppm: number, millifen: number, detail: Record<string, string>): Finding {
  return { class: of, subject: percent(rate_ppm), merchant: null, amount: Math.round(millifen / FEE_TOLERANCE_MILLIFEN), detail }
}

function percent(rate_ppm: number): string {
  return `${(rate_ppm / 10_000).toFixed(4).replace(/0{1,2}$/, '')}%`
}

/** The chain of balances, and movements that no trade explains. */
async function compareFunds(world: World, of: RunOf, file: BillFile, traded: boolean): Promise<void> {
  const summed = JSON.parse(file.summary ?? 'null') as { findings: Finding[] } | null
  await noteAll(world, of, async () => summed?.findings ?? [])
  if (!traded) return
  for (const slice of slicesOf(file.lines)) {
    await noteAll(world, of, async ({ books }) =>
      (await books.extraFunds(file.id, slice)).flatMap((row): Finding[] => {
        const item = itemOf(row)
        // Shares, transfers, withdrawals and recharges have no line in a trade bill.
        if (item !== 'receipts' && item !== 'fees' && item !== 'refunds') return []
        const amount = row.direction === 'in' ? row.amount : -row.amount
        const detail = { business_id: row.business_id, business_type: row.business_type }
        return [{ class: 'fund_extra', subject: row.flow_id, merchant: null, amount, detail }]
      }),
    )
  }
}

/** Ours → bill, in spans of time that hold about as many payments as a slice has lines. */
async function compareOurs(world: World, { mchid, date, run }: RunOf, lines: number): Promise<void> {
  const spans = Math.max(24, Math.ceil(lines / SLICE))
  const start = dayStart(date)
  for (let n = 0; n < spans; n++) {
    const [from, to] = [start + Math.floor((n * DAY_MS) / spans), start + Math.floor(((n + 1) * DAY_MS) / spans)]
    await noteAll(world, { mchid, date, run }, async ({ books }) => [
      ...(await books.missingPayments(mchid, from, to)),
      ...(await books.missingRefunds(mchid, from, to)),
      ...(await books.doublePayments(mchid, from, to)),
    ])
  }
}

function* slicesOf(lines: number): Generator<Slice> {
  for (let from = 1; from <= lines; from += SLICE) yield { from, to: from + SLICE - 1 }
}

async function noteAll(world: World, of: RunOf, find: (tx: Tx) => Promise<Finding[]>): Promise<void> {
  await world.store.transaction(async (tx) => {
    for (const finding of await find(tx)) await tx.books.note(of, finding, world.clock.now())
  })
}
