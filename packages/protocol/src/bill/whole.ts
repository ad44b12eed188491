// A bill that is small enough for memory, read at once.

import type { BillReader } from './reader.ts'

export function wholeBill<Row, Summary>(reader: BillReader<Row, Summary>, csv: string | Uint8Array): { rows: Row[]; summary: Summary } {
  const rows = reader.push(typeof csv === 'string' ? Buffer.from(csv) : csv)
  return { rows, summary: reader.end() }
}
