// The format of all WeChat bills (v3-endpoints §5.3): BOM, CRLF, a header, rows whose cells begin with a backtick, a summary header, one summary row.

import { MessageError } from '../errors.ts'

/** A bill as text: column names, rows by column name, and the summary by its own names. */
export interface BillTable {
  columns: readonly string[]
  rows: readonly Readonly<Record<string, string>>[]
  summary: Readonly<Record<string, string>>
}

const BOM = '\ufeff'

/** @throws MessageError ERR_BILL_FORMAT */
export function parseBillTable(text: string): BillTable {
  const lines = text
    .replace(BOM, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
  const [header, ...rest] = lines
  const summaryValues = rest.pop()
  const summaryHeader = rest.pop()
  if (header === undefined || summaryHeader === undefined || summaryValues === undefined || summaryHeader.startsWith('`')) {
    throw new MessageError('ERR_BILL_FORMAT', { problem: 'no header or no summary', lines: lines.length })
  }
  const columns = header.split(',')
  return {
    columns,
    rows: rest.map((line, i) => record(columns, cells(line), i + 2)),
    summary: record(summaryHeader.split(','), cells(summaryValues), lines.length),
  }
}

/** WeChat's side: writes the same text again, byte for byte. */
export function formatBillTable(table: BillTable): string {
  const row = (columns: readonly string[], values: Readonly<Record<string, string>>): string =>
    columns.map((name) => `\`${escapeCell(values[name] ?? '')}`).join(',')
  const summaryColumns = Object.keys(table.summary)
  const lines = [
    table.columns.join(','),
    ...table.rows.map((one) => row(table.columns, one)),
    summaryColumns.join(','),
    row(summaryColumns, table.summary),
  ]
  return `${BOM}${lines.join('\r\n')}\r\n`
}

function cells(line: string): string[] {
  return line.split(',').map((cell) => unescapeCell(cell.startsWith('`') ? cell.slice(1) : cell))
}

function record(columns: readonly string[], values: readonly string[], line: number): Record<string, string> {
  if (values.length !== columns.length) throw new MessageError('ERR_BILL_FORMAT', { line, columns: columns.length, cells: values.length })
  return Object.fromEntries(columns.map((name, i) => [name, values[i] ?? '']))
}

/** Keeps user text from breaking the table: WeChat writes a comma as backslash-blank and a line feed as `\n`. */
function escapeCell(text: string): string {
  return text.replaceAll(',', '\\ ').replaceAll('\n', '\\n')
}

function unescapeCell(text: string): string {
  return text.replaceAll('\\ ', ',').replaceAll('\\n', '\n')
}
