// The part of the ledger that one merchant's bill is made of.

import type { Ledger, LedgerEntry } from '../ledger.ts'

/** What this number signed; of one sub-merchant where that is asked. */
export function entriesOf(ledger: Ledger, mchid: string, sub_mchid: string | undefined): LedgerEntry[] {
  return ledger.entries().filter((entry) => entry.mchid === mchid && (sub_mchid === undefined || entry.sub_mchid === sub_mchid))
}
