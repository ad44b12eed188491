// One line of a bill as cells. They are kept as positions in the bytes, because a bill has a million rows of 27 cells: text is made only of what a row needs.

import { decimalOf } from './decimal.ts'
import type { Fingerprints } from './fingerprints.ts'
import { LINE_BYTES_MAX } from './lines.ts'
import { refuse } from './refuse.ts'

const LF = 0x0a
const CR = 0x0d
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
const BACKTICK = 0x60
const CELLS_MAX = 128
/** A kept text keeps its block in memory, so blocks are small: some eight lines. */
const BLOCK_BYTES = 2048
const OFTEN_BYTES_MAX = 32
const CELL_BYTES_MAX = 8 * 1024

const BEIJING_OFFSET_MS = 8 * 60 * 60 * 1000

export class Cells {
  /** The number of the line, from 1. */
  line = 0
  count = 0
  /** The names of the columns, for refusals. */
  names: readonly string[] = []
  #bytes: Buffer = Buffer.alloc(0)
  #from = 0
  /** Some lines at once as one character a byte, because each decoding has a cost of its own. The texts of rows are slices of it. */
  #block = ''
  #blockOf: Buffer = this.#bytes
  #blockFrom = 0
  #blockEnd = 0
  /** For each column the cell that `often` gave last, as bytes and as text. */
  readonly #lastBytes = new Uint8Array(CELLS_MAX * OFTEN_BYTES_MAX)
  readonly #lastSize = new Int32Array(CELLS_MAX).fill(-1)
  readonly #lastText: string[] = Array.from({ length: CELLS_MAX }, () => '')
  readonly #starts = new Int32Array(CELLS_MAX)
  readonly #ends = new Int32Array(CELLS_MAX)
  /** All bytes of the cell joined by OR: from 0x80 when one of them is not ASCII. */
  readonly #joined = new Uint8Array(CELLS_MAX)
  /** The day of the time before, as a number, and its beginning in epoch ms: the rows of a bill are of one day. */
  #day = -1
  #dayBegins = 0

  /**
   * Splits the line at `start` at each comma that is followed by a backtick, so that a comma in a text does no harm. Gives the index behind the line feed.
   * Without `backticks` it splits at each comma.
   */
  split(bytes: Buffer, start: number, line: number, backticks: boolean): number {
    const starts = this.#starts
    const ends = this.#ends
    const joined = this.#joined
    let from = bytes[start] === BACKTICK ? start + 1 : start
    let at = from
    let count = 0
    let seen = 0
    for (let byte = bytes[at] as number; byte !== LF; byte = bytes[at] as number) {
      seen |= byte
      at++
      // Nearly all bytes are above the comma: one comparison for them.
      if (byte > COMMA || byte !== COMMA || (backticks && bytes[at] !== BACKTICK) || count === CELLS_MAX - 1) continue
      starts[count] = from
      ends[count] = at - 1
      joined[count++] = seen
      seen = 0
      if (bytes[at] === BACKTICK) at++
      from = at
    }
    starts[count] = from
    ends[count] = bytes[at - 1] === CR && at > from ? at - 1 : at
    joined[count++] = seen
    this.line = line
    this.count = count
    this.#bytes = bytes
    this.#from = start
    if (at - start > CELL_BYTES_MAX) this.#refuseHuge(start, at)
    if (bytes !== this.#blockOf || start < this.#blockFrom || at > this.#blockEnd) this.#newBlock(bytes, start, at)
    return at + 1
  }

  /** True when the line is empty. */
  get empty(): boolean {
    return this.count === 1 && this.#starts[0] === this.#ends[0]
  }

  get backticked(): boolean {
    return this.backticks(this.#bytes, this.#from)
  }

  /** Does the line that begins here begin with a backtick, as rows do? */
  backticks(bytes: Buffer, start: number): boolean {
    return bytes[start] === BACKTICK
  }

  /** Adds the cell to the fingerprint of its row. */
  mix(column: number, into: Fingerprints): void {
    if (column >= 0) into.mix(this.#bytes, this.#starts[column] as number, this.#ends[column] as number)
  }

  /** The text as it stands in the bill. Empty for column -1: one that the bill does not have. */
  text(column: number): string {
    if (column < 0) return ''
    const start = this.#starts[column] as number
    const end = this.#ends[column] as number
    if (start === end) return ''
    if ((this.#joined[column] as number) >= 0x80) return this.#bytes.toString('utf8', start, end)
    return this.#block.slice(start - this.#blockFrom, end - this.#blockFrom)
  }

  /** As `text`, for a column whose cell is often that of the line before: then it is the same string, and nothing is made. */
  often(column: number): string {
    if (column < 0) return ''
    const bytes = this.#bytes
    const last = this.#lastBytes
    const start = this.#starts[column] as number
    const size = (this.#ends[column] as number) - start
    const kept = column * OFTEN_BYTES_MAX
    let same = size === this.#lastSize[column] ? 0 : -1
    while (same >= 0 && same < size) same = bytes[start + same] === last[kept + same] ? same + 1 : -1
    return same === size ? (this.#lastText[column] as string) : this.#keep(column, start, size)
  }

  /** A number of an order or a refund: `0` means that there is none. */
  number(column: number): string {
    return this.isZero(column) ? '' : this.text(column)
  }

  /** An amount of yuan as an integer: of fen with 2 decimals, of thousandths of a fen with 5. Zero only for column -1. */
  amount(column: number, decimals: number): number {
    if (column < 0) return 0
    const bytes = this.#bytes
    const start = this.#starts[column] as number
    const end = this.#ends[column] as number
    // Half of the amounts are 0.00.
    if (end - start === 4 && bytes[start] === ZERO && bytes[start + 2] === ZERO && bytes[start + 3] === ZERO && bytes[start + 1] === POINT)
      return 0
    const value = decimalOf(bytes, start, end, decimals)
    if (Number.isNaN(value)) this.refuse(column, 'not an amount', this.text(column))
    return value
  }

  /** As `amount`, but an empty cell is zero: in the columns of refunds and coupons of a row that has neither. */
  amountOrNone(column: number, decimals: number): number {
    return column < 0 || this.#starts[column] === this.#ends[column] ? 0 : this.amount(column, decimals)
  }

  /** A percentage such as `0.60%` in millionths: 6000. Zero for an empty cell. */
  ppm(column: number): number {
    if (column < 0 || this.#starts[column] === this.#ends[column]) return 0
    const end = (this.#ends[column] as number) - 1
    const value = this.#bytes[end] === 0x25 ? decimalOf(this.#bytes, this.#starts[column] as number, end, 4) : Number.NaN
    if (Number.isNaN(value)) this.refuse(column, 'not a percentage', this.text(column))
    return value
  }

  /** `YYYY-MM-DD HH:mm:ss` in Beijing as epoch milliseconds. */
  time(column: number): number {
    const bytes = this.#bytes
    const at = this.#starts[column] as number
    const day = this.#pair(at) * 1_000_000 + this.#pair(at + 2) * 10_000 + this.#pair(at + 5) * 100 + this.#pair(at + 8)
    const hour = this.#pair(at + 11)
    const minute = this.#pair(at + 14)
    const second = this.#pair(at + 17)
    const written =
      (this.#ends[column] as number) - at === 19 &&
      bytes[at + 4] === MINUS &&
      bytes[at + 7] === MINUS &&
      bytes[at + 10] === 0x20 &&
      bytes[at + 13] === COLON &&
      bytes[at + 16] === COLON
    // A pair that is not two digits is NaN, and no comparison with NaN is true.
    if (!written || !(hour < 24 && minute < 60 && second < 60) || !(day === this.#day || this.#newDay(day)))
      this.refuse(column, 'not a time of the form YYYY-MM-DD HH:mm:ss', this.text(column))
    return this.#dayBegins + ((hour * 60 + minute) * 60 + second) * 1000
  }

  /** The texts of these columns by their names. */
  byName(columns: readonly (readonly [name: string, column: number])[]): Record<string, string> {
    return Object.fromEntries(columns.map(([name, column]) => [name, this.text(column)]))
  }

  /** Names the line and the column. */
  refuse(column: number, problem: string, text?: string): never {
    refuse({ line: this.line, column: this.names[column] ?? column + 1, problem, ...(text !== undefined && { text }) })
  }

  #keep(column: number, start: number, size: number): string {
    const text = this.text(column)
    this.#lastSize[column] = size > OFTEN_BYTES_MAX ? -1 : size
    if (size <= OFTEN_BYTES_MAX) this.#lastBytes.set(this.#bytes.subarray(start, start + size), column * OFTEN_BYTES_MAX)
    this.#lastText[column] = text
    return text
  }

  #newBlock(bytes: Buffer, start: number, lineEnd: number): void {
    this.#blockOf = bytes
    this.#blockFrom = start
    this.#blockEnd = Math.max(lineEnd, Math.min(start + BLOCK_BYTES, bytes.length))
    this.#block = bytes.toString('latin1', start, this.#blockEnd)
  }

  /** True for the cell `0`, and for column -1. */
  isZero(column: number): boolean {
    if (column < 0) return true
    const start = this.#starts[column] as number
    return (this.#ends[column] as number) - start === 1 && this.#bytes[start] === ZERO
  }

  #pair(at: number): number {
    const ten = (this.#bytes[at] as number) - ZERO
    const one = (this.#bytes[at + 1] as number) - ZERO
    return ten >= 0 && ten <= 9 && one >= 0 && one <= 9 ? ten * 10 + one : Number.NaN
  }

  #newDay(day: number): boolean {
    const [year, month, date] = [Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100]
    const begins = new Date(Date.UTC(year, month - 1, date))
    // A day that its month does not have falls into another month, and the years 0 to 99 into the 20th century.
    if (begins.getUTCMonth() !== month - 1 || begins.getUTCFullYear() !== year) return false
    this.#day = day
    this.#dayBegins = begins.getTime() - BEIJING_OFFSET_MS
    return true
  }

  #refuseHuge(start: number, end: number): void {
    if (end - start > LINE_BYTES_MAX) refuse({ line: this.line, problem: `a line is longer than ${LINE_BYTES_MAX} bytes` })
    for (let i = 0; i < this.count; i++) {
      if ((this.#ends[i] as number) - (this.#starts[i] as number) > CELL_BYTES_MAX)
        this.refuse(i, `a cell is longer than ${CELL_BYTES_MAX} bytes`)
    }
  }
}
