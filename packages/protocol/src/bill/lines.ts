// Chunks of a file become whole lines, wherever the chunks are cut. Refuses what is no bill at all: another encoding, a web page, a packed file.

import { isUtf8 } from 'node:buffer'
import { refuse } from './refuse.ts'

const LF = 0x0a
const NUL = 0x00
/** A bill's line has about 300 bytes. */
export const LINE_BYTES_MAX: number = 64 * 1024

/** Reads the line that begins at `start` and ends with a line feed; gives the index behind the line feed. */
export type ReadLine = (bytes: Buffer, start: number, line: number) => number

export interface Lines {
  push(chunk: Uint8Array): void
  /** The last line may lack its line end. */
  end(): void
  /** The number of lines that have been read. */
  readonly count: number
}

export function linesOf(read: ReadLine): Lines {
  /** The beginning of the line that the last chunk cut. */
  let held: Buffer = Buffer.alloc(0)
  let count = 0

  /** All lines up to `end`, which is behind a line feed. */
  const readAll = (bytes: Buffer, end: number): void => {
    let start = 0
    if (count === 0) start = beginning(bytes)
    if (bytes.subarray(0, end).includes(NUL)) refuseAt(bytes, end, count, 'a NUL byte: perhaps UTF-16', (line) => line.includes(NUL))
    if (!isUtf8(bytes.subarray(start, end))) refuseAt(bytes, end, count, 'not UTF-8: perhaps GBK', (line) => !isUtf8(line))
    while (start < end) start = read(bytes, start, ++count)
  }

  const hold = (rest: Buffer): void => {
    if (held.length + rest.length > LINE_BYTES_MAX) {
      if (count === 0) beginning(Buffer.concat([held, rest]))
      refuse({ line: count + 1, problem: `a line is longer than ${LINE_BYTES_MAX} bytes` })
    }
    // Copied, because the caller may use the memory of the chunk again.
    held = Buffer.concat([held, rest])
  }

  return {
    get count() {
      return count
    },
    push(chunk) {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      if (held.length > 0) {
        const first = bytes.indexOf(LF) + 1
        if (first === 0) return hold(bytes)
        hold(bytes.subarray(0, first))
        const line = held
        held = Buffer.alloc(0)
        readAll(line, line.length)
        bytes = bytes.subarray(first)
      }
      const end = bytes.lastIndexOf(LF) + 1
      if (end > 0) readAll(bytes, end)
      if (end < bytes.length) hold(bytes.subarray(end))
    },
    end() {
      if (held.length === 0) return
      const line = Buffer.concat([held, Buffer.of(LF)])
      held = Buffer.alloc(0)
      readAll(line, line.length)
    },
  }
}

/** Where the text begins: behind the byte order mark. */
function beginning(bytes: Buffer): number {
  const [a, b, c] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) refuse({ line: 1, problem: 'not UTF-8 but UTF-16' })
  if (a === 0x1f && b === 0x8b) refuse({ line: 1, problem: 'still packed with gzip' })
  const start = a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0
  const head = bytes.toString('latin1', start, start + 200).trimStart()
  if (head.startsWith('<')) refuse({ line: 1, problem: 'an HTML or XML page instead of a bill' })
  if (head.startsWith('{')) refuse({ line: 1, problem: 'JSON instead of a bill' })
  return start
}

/** Names the first line in which something is wrong. */
function refuseAt(bytes: Buffer, end: number, before: number, problem: string, wrong: (line: Buffer) => boolean): never {
  let line = before + 1
  for (let start = 0; start < end; line++) {
    const next = bytes.indexOf(LF, start) + 1
    if (wrong(bytes.subarray(start, next))) break
    start = next
  }
  refuse({ line, problem })
}
