// What the bank really did: append-only, and the only ground truth a test needs to believe.

import { beijingTime } from '@cashdesk/protocol'

export interface LedgerEntry {
  /** 1, 2, 3, … without a gap. */
  seq: number
  kind: 'payment'
  /** RFC 3339. */
  time: string
  /** The number that signed the order: mchid or sp_mchid. */
  mchid: string
  sub_mchid?: string
  /** The mini program that paid. */
  appid: string
  openid: string
  out_trade_no: string
  transaction_id: string
  amount: { total: number; currency: 'CNY' }
}

export interface Ledger {
  append(entry: Omit<LedgerEntry, 'seq' | 'time'>, now: number): LedgerEntry
  entries(): readonly LedgerEntry[]
  reset(): void
}

export function createLedger(): Ledger {
  let entries: LedgerEntry[] = []
  return {
    append(entry, now) {
      const written = Object.freeze({ seq: entries.length + 1, time: beijingTime(now), ...entry })
      entries.push(written)
      return written
    },
    entries: () => entries,
    reset: () => {
      entries = []
    },
  }
}
