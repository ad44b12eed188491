// The append-only record of what really happened to the money. Tests can compare everything else with it; bills are computed from it.

import { beijingTime } from '@cashdesk/protocol'
import type { Journal } from './kept/journal.ts'
import type { Part } from './kept/part.ts'

/** What an entry does to one merchant's money, in fen. */
export interface Movement {
  /** Who owns the money: the sub-merchant when there is one, otherwise the merchant. */
  owner: string
  account: 'BASIC' | 'OPERATION'
  available: number
  /** Fen of orders whose profit is still to be shared. */
  frozen: number
}

interface Common {
  /** 1, 2, 3, … without gaps. */
  seq: number
  /** RFC 3339. */
  time: string
  /** The number that signed the request: mchid or sp_mchid. */
  mchid: string
  sub_mchid?: string
  movements: readonly Movement[]
}

export interface PaymentEntry extends Common {
  kind: 'payment'
  /** The mini program that paid. */
  appid: string
  openid: string
  out_trade_no: string
  transaction_id: string
  /** The number of the combined order, when it is part of one. */
  combine_out_trade_no?: string
  amount: { total: number; currency: 'CNY' }
  fee: number
}

export interface RefundEntry extends Common {
  /** `refund`: the money was taken from the merchant. `refund_result`: the refund's final state. */
  kind: 'refund' | 'refund_result'
  out_trade_no: string
  transaction_id: string
  out_refund_no: string
  refund_id: string
  status: 'PROCESSING' | 'SUCCESS' | 'ABNORMAL' | 'CLOSED'
  amount: { refund: number; total: number; currency: 'CNY' }
  /** Fen of the fee that were returned with the refund. */
  fee: number
}

export interface SharingEntry extends Common {
  kind: 'share' | 'share_return' | 'unfreeze'
  transaction_id: string
  order_id: string
  out_order_no: string
  receiver?: { type: string; account: string }
  amount: { total: number; currency: 'CNY' }
}

export interface TransferEntry extends Common {
  /** `transfer`: the money was taken from the merchant. `transfer_result`: the transfer's final state. */
  kind: 'transfer' | 'transfer_result'
  out_bill_no: string
  transfer_bill_no: string
  openid: string
  state: string
  amount: { total: number; currency: 'CNY' }
}

/** A person put money into an account, or took it out, through the control API. */
export interface DepositEntry extends Common {
  kind: 'deposit'
  amount: { total: number; currency: 'CNY' }
}

export type LedgerEntry = PaymentEntry | RefundEntry | SharingEntry | TransferEntry | DepositEntry

type Unwritten<Entry> = Entry extends LedgerEntry ? Omit<Entry, 'seq' | 'time'> : never
export type NewEntry = Unwritten<LedgerEntry>

export interface Balance {
  available: number
  frozen: number
}

/** Fen in each account at the start. The operation account starts with money, because transfers need it and orders do not bring it there. */
export const OPENING: Readonly<Record<Movement['account'], number>> = { BASIC: 0, OPERATION: 1_000_000 }

export interface Ledger extends Part<readonly LedgerEntry[]> {
  append(entry: NewEntry, now: number): LedgerEntry
  entries(): readonly LedgerEntry[]
  /** The opening balance plus the sum of all movements. */
  balance(owner: string, account: Movement['account']): Balance
}

export function createLedger(journal: Journal): Ledger {
  let entries: LedgerEntry[] = []
  const balances = new Map<string, Balance>()

  const balanceOf = (owner: string, account: Movement['account']): Balance => {
    return balances.get(`${owner}/${account}`) ?? { available: OPENING[account], frozen: 0 }
  }
  const write = (entry: LedgerEntry): LedgerEntry => {
    entries.push(Object.freeze(entry))
    journal.put('ledger', entry)
    for (const movement of entry.movements) {
      const before = balanceOf(movement.owner, movement.account)
      balances.set(`${movement.owner}/${movement.account}`, {
        available: before.available + movement.available,
        frozen: before.frozen + movement.frozen,
      })
    }
    return entry
  }
  const reset = (): void => {
    entries = []
    balances.clear()
  }

  return {
    append: (entry, now) => write({ seq: entries.length + 1, time: beijingTime(now), ...entry }),
    entries: () => entries,
    save: () => entries,
    balance: balanceOf,
    restore(saved) {
      reset()
      for (const entry of saved) write(entry)
    },
    reset,
  }
}
