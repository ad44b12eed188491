// Fetches a bill from WeChat: apply, then download. An empty day is a good answer; a bill that is not ready yet is asked for again.

import { ApiError, type BillAnswer } from '@cashdesk/sdk'
import type { BillKind } from '@cashdesk/store'
import type { Merchant } from '../wechat/merchant.ts'
import { saidFields } from '../wechat/said.ts'
import type { World } from '../world.ts'
import { type BillOf, loadBill } from './load.ts'

/** What is known of one bill of a day. Kept as JSON with the day. */
export type BillState =
  | { state: 'loaded'; lines: number }
  | { state: 'empty' }
  /** STATEMENT_CREATING. */
  | { state: 'creating' }
  | { state: 'broken'; problem: string }
  /** WeChat refused, or did not answer. */
  | { state: 'failed'; problem: string }

export type BillStates = Partial<Record<BillKind, BillState>>

/** Loads one bill of a day. Never throws for what WeChat answers or fails to answer. */
export async function fetchBill(world: World, merchant: Merchant, of: Omit<BillOf, 'source'>): Promise<BillState> {
  try {
    const bill = await apply(merchant, of)
    const { bills } = merchant.wechatpay
    const loaded = await loadBill(world, { ...of, source: 'wechat' }, (keep) => bills.stream(bill, { packed: keep }))
    return loaded.state === 'loaded' ? { state: 'loaded', lines: loaded.lines } : loaded
  } catch (error) {
    if (error instanceof ApiError && error.refusal.signed) {
      if (error.is('NO_STATEMENT_EXIST')) return { state: 'empty' }
      if (error.is('STATEMENT_CREATING')) return { state: 'creating' }
    }
    world.log('bill.not_fetched', { merchant: merchant.id, detail: `${of.date} ${of.kind}`, ...saidFields(error, []) })
    const code = error instanceof ApiError ? error.refusal.code : (error as { code?: unknown }).code
    return { state: 'failed', problem: typeof code === 'string' ? code : 'UNKNOWN' }
  }
}

function apply({ wechatpay: { bills } }: Merchant, { kind, date }: Omit<BillOf, 'source'>): Promise<BillAnswer> {
  return kind === 'trade'
    ? bills.applyTrade({ bill_date: date, bill_type: 'ALL', tar_type: 'GZIP' })
    : bills.applyFundFlow({ bill_date: date, account_type: 'BASIC', tar_type: 'GZIP' })
}

/** Whether nothing more can come: the file is there, or WeChat says that there is none. */
export function isThere(bill: BillState | undefined): boolean {
  return bill?.state === 'loaded' || bill?.state === 'empty'
}
