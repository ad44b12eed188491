// The one reader of all bills: header, rows, summary header, summary (v3-endpoints §5.3). It takes chunks, gives rows, and believes a file only as a whole.

import { Cells } from './cells.ts'
import { Columns, columnName } from './columns.ts'
import { formatDecimal } from './decimal.ts'
import { linesOf } from './lines.ts'
import { refuse } from './refuse.ts'

/**
 * Reads one bill, unpacked, chunk by chunk. Believe no row before `end` has returned: only then are counts and sums known to be right. Whoever downloads the
 * file checks its hash.
 *
 * ```ts
 * const reader = tradeBillReader({ date: '2026-11-24', mchid: '1900000001' })
 * for await (const chunk of file) for (const row of reader.push(chunk)) keep(row)
 * const summary = reader.end()
 * ```
 */
export interface BillReader<Row, Summary> {
  /** The rows that are complete with this chunk. @throws MessageError ERR_BILL_FORMAT with line, column, problem, text */
  push(chunk: Uint8Array): Row[]
  /** After the last chunk: the file is whole, and its summary agrees with its rows. @throws MessageError ERR_BILL_FORMAT */
  end(): Summary
  /** Known after the header. `legacy`: the columns of merchants from before about 2018. */
  readonly layout: BillLayout | undefined
}

export type BillLayout = 'new' | 'legacy'

/** What the file must be: one of another day or merchant is refused. */
export interface BillExpectation {
  /** `YYYY-MM-DD`, Beijing. */
  date: string
  mchid: string
  bill_type?: 'ALL' | 'SUCCESS' | 'REFUND' | undefined
  /**
   * False when whoever takes the rows refuses a doubled one itself, as a database with a key does. The reader then keeps no fingerprints, which need 16 MB
   * for each million rows. Default true.
   */
  distinct?: boolean | undefined
}

/** One kind of bill. A format is made for each file, because it counts. */
export interface BillFormat<Row, Summary> {
  /** Finds the columns. @throws MessageError ERR_BILL_FORMAT when one is missing */
  open(columns: Columns): BillLayout
  row(cells: Cells): Row
  /** Is this a column of the summary? Its header is known by one. */
  isSummary(name: string): boolean
  /** Compares the summary with the rows. @throws MessageError ERR_BILL_FORMAT */
  close(columns: Columns, cells: Cells): Summary
  /** For a kind of bill whose cells may lack the backtick. */
  readonly bare?: boolean
  /** For a kind of bill that may lack a summary. */
  closeWithout?(): Summary
}

type State = 'header' | 'rows' | 'summary' | 'end' | 'refused'

export function readerOf<Row, Summary>(format: BillFormat<Row, Summary>): BillReader<Row, Summary> {
  const cells = new Cells()
  let state: State = 'header'
  let layout: BillLayout | undefined
  let columns = new Columns([], 0)
  let rows: Row[] = []
  let summary: Summary | undefined

  const namesIn = (): string[] => Array.from({ length: cells.count }, (_, i) => columnName(cells.text(i)))

  /** From here on, `names` are the columns of the lines. */
  const begin = (names: readonly string[], line: number): void => {
    columns = new Columns(names, line)
    cells.names = names
  }

  const readHeader = (bytes: Buffer, start: number, line: number): number => {
    const next = cells.split(bytes, start, line, false)
    if (cells.empty) refuse({ line, problem: 'no header' })
    if (cells.backticked) refuse({ line, problem: 'a row where the names of the columns should be' })
    begin(namesIn(), line)
    layout = format.open(columns)
    state = 'rows'
    return next
  }

  const splitRow = (bytes: Buffer, start: number, line: number): number => {
    let next = cells.split(bytes, start, line, cells.backticks(bytes, start))
    if (format.bare && cells.count !== columns.names.length) next = cells.split(bytes, start, line, false)
    if (cells.count !== columns.names.length)
      refuse({ line, problem: 'a cell too many or too few', columns: columns.names.length, cells: cells.count })
    return next
  }

  const readRow = (bytes: Buffer, start: number, line: number): number => {
    if (!cells.backticks(bytes, start)) {
      const next = cells.split(bytes, start, line, false)
      const names = namesIn()
      if (names.some(format.isSummary)) {
        begin(names, line)
        state = 'summary'
        return next
      }
      if (!format.bare || cells.empty) refuse({ line, problem: cells.empty ? 'an empty line' : 'neither a row nor the summary' })
    }
    const next = splitRow(bytes, start, line)
    rows.push(format.row(cells))
    return next
  }

  const readSummary = (bytes: Buffer, start: number, line: number): number => {
    if (!format.bare && !cells.backticks(bytes, start)) refuse({ line, problem: 'the values of the summary lack the backtick' })
    const next = splitRow(bytes, start, line)
    summary = format.close(columns, cells)
    state = 'end'
    return next
  }

  const readRest = (bytes: Buffer, start: number, line: number): number => {
    const next = cells.split(bytes, start, line, false)
    if (!cells.empty) refuse({ line, problem: 'data after the summary' })
    return next
  }

  const read = { header: readHeader, rows: readRow, summary: readSummary, end: readRest, refused: readRest }
  const lines = linesOf((bytes, start, line) => read[state](bytes, start, line))

  /** What was refused once stays refused. */
  const guarded = <Result>(work: () => Result): Result => {
    if (state === 'refused') refuse({ problem: 'this file was refused before' })
    rows = []
    try {
      return work()
    } catch (error) {
      state = 'refused'
      throw error
    }
  }

  return {
    get layout() {
      return layout
    },
    push: (chunk) =>
      guarded(() => {
        lines.push(chunk)
        return rows
      }),
    end: () =>
      guarded(() => {
        lines.end()
        if (rows.length > 0) refuse({ line: lines.count, problem: 'the last row has no line end: the file is cut' })
        if (state === 'header') refuse({ line: 1, problem: 'the file is empty' })
        if (state === 'rows' && format.closeWithout) summary = format.closeWithout()
        if (summary === undefined) refuse({ line: lines.count, problem: 'no summary: the file is cut' })
        return summary
      }),
  }
}

/** The value of this column of the summary, which must be what the rows add up to. */
export function agreed(columns: Columns, cells: Cells, names: readonly string[], counted: number, decimals: number): number {
  const column = columns.need(...names)
  const announced = cells.amount(column, decimals)
  if (announced === counted) return announced
  return refuse({
    line: cells.line,
    column: columns.names[column] ?? '',
    problem: 'the summary differs from the sum of the rows',
    announced: cells.text(column),
    counted: decimals === 0 ? String(counted) : formatDecimal(counted, decimals),
  })
}
