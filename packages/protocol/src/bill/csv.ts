// Any bill as a table of texts (v3-endpoints §5.3), and WeChat's side: BOM, CRLF, a header, rows whose cells begin with a backtick, a summary.

import type { Cells } from './cells.ts'
import type { Columns } from './columns.ts'
import { type BillFormat, type BillLayout, readerOf } from './reader.ts'
import { wholeBill } from './whole.ts'

/** A bill as text: column names, rows by column name, and the summary by its own names. */
export interface BillTable {
  columns: readonly string[]
  rows: readonly Readonly<Record<string, string>>[]
  summary: Readonly<Record<string, string>>
}

const BOM = '\ufeff'

/** The texts as they stand in the bill: see `billText`. Sums are not compared, because no column is known. @throws MessageError ERR_BILL_FORMAT */
export function parseBillTable(text: string | Uint8Array): BillTable {
  const format = new TableFormat()
  const { rows, summary } = wholeBill(readerOf(format), text)
  return { columns: format.columns, rows, summary }
}

class TableFormat implements BillFormat<Record<string, string>, Record<string, string>> {
  columns: readonly string[] = []
  #positions: (readonly [string, number])[] = []

  open(columns: Columns): BillLayout {
    this.columns = columns.names
    this.#positions = columns.unknown()
    return 'new'
  }

  row(cells: Cells): Record<string, string> {
    return cells.byName(this.#positions)
  }

  /** The first line without backticks. */
  isSummary = (): boolean => true

  close(columns: Columns, cells: Cells): Record<string, string> {
    return cells.byName(columns.unknown())
  }
}

/** WeChat's side: writes the same text again, byte for byte. */
export function formatBillTable(table: BillTable): string {
  const row = (columns: readonly string[], values: Readonly<Record<string, string>>): string =>
    columns.map((name) => `\`${billText(values[name] ?? '')}`).join(',')
  const summaryColumns = Object.keys(table.summary)
  const lines = [
    table.columns.join(','),
    ...table.rows.map((one) => row(table.columns, one)),
    summaryColumns.join(','),
    row(summaryColumns, table.summary),
  ]
  return `${BOM}${lines.join('\r\n')}\r\n`
}

/**
 * A text of an order as the trade bill writes it: a comma as backslash and blank, a line feed as backslash and `n`. Nothing tells these from the same
 * characters in the order's own text, so nobody can read the text back: compare `billText(yours)` with the text of the bill.
 */
export function billText(text: string): string {
  return text.replaceAll(',', '\\ ').replaceAll('\n', '\\n')
}
