// How shares, unfreezes and returns move money, written in the ledger (v3-endpoints §6).

import type { Ledger, Movement, SharingEntry } from '../ledger.ts'
import { ownerOf, type Trade } from '../orders/trades.ts'
import type { ReturnRecord, ShareRecord } from './share.ts'

export interface Books {
  /** Whether the merchant has an account here. Money for any other receiver leaves the emulator's accounts. */
  known(mchid: string): boolean
  ledger: Ledger
}

/** Moves frozen money of the merchant to the receiver. */
export function bookShare(
  books: Books,
  trade: Trade,
  share: ShareRecord,
  receiver: SharingEntry['receiver'],
  total: number,
  now: number,
): void {
  const movements: Movement[] = [{ owner: ownerOf(trade), account: 'BASIC', available: 0, frozen: -total }]
  if (receiver?.type === 'MERCHANT_ID' && books.known(receiver.account)) {
    movements.push({ owner: receiver.account, account: 'BASIC', available: total, frozen: 0 })
  }
  const { order_id, out_order_no } = share
  append(books, trade, { kind: 'share', order_id, out_order_no, total, movements, ...(receiver && { receiver }) }, now)
}

/** Makes frozen money available to the merchant. */
export function bookUnfreeze(
  books: Books,
  trade: Trade,
  { order_id, out_order_no }: { order_id: string; out_order_no: string },
  total: number,
  now: number,
): void {
  const movements: Movement[] = [{ owner: ownerOf(trade), account: 'BASIC', available: total, frozen: -total }]
  append(books, trade, { kind: 'unfreeze', order_id, out_order_no, total, movements }, now)
}

/** Moves money from the receiver back to the merchant's available money. It cannot be shared again. */
export function bookReturn(books: Books, trade: Trade, record: ReturnRecord, now: number): void {
  const { amount: total, return_mchid, return_id, out_return_no } = record
  const movements: Movement[] = [
    { owner: return_mchid, account: 'BASIC', available: -total, frozen: 0 },
    { owner: ownerOf(trade), account: 'BASIC', available: total, frozen: 0 },
  ]
  const receiver = { type: 'MERCHANT_ID', account: ownerOf(trade) }
  append(books, trade, { kind: 'share_return', order_id: return_id, out_order_no: out_return_no, receiver, total, movements }, now)
}

type Booking = Pick<SharingEntry, 'kind' | 'order_id' | 'out_order_no' | 'receiver' | 'movements'> & { total: number }

function append({ ledger }: Books, trade: Trade, { total, ...booking }: Booking, now: number): void {
  const { mchid, sub_mchid, transaction_id } = trade
  const amount = { total, currency: 'CNY' } as const
  ledger.append({ mchid, ...(sub_mchid !== undefined && { sub_mchid }), transaction_id, amount, ...booking }, now)
}
