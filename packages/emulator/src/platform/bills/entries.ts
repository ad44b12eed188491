// Selects the ledger entries for one merchant's bill.

import type { Ledger, LedgerEntry } from '../ledger.ts'

/** The entries of orders that this number signed; only those of one sub-merchant when it is given. */
export function entriesOf(ledger: Ledger, mchid: string, sub_mchid: string | undefined): LedgerEntry[] {
  return ledger.entries().filter((entry) => entry.mchid === mchid && (sub_mchid === undefined || entry.sub_mchid === sub_mchid))
}
