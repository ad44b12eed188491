// One line on standard error that says how far long work is. Where standard error is not a terminal, nothing is written.

import { columns } from './terminal.ts'

export interface Progress {
  /** Replaces what the line says after the name of the work. Called often: the line is rewritten ten times a second at most. */
  at(detail: string): void
  /** Writes other output: the line gives way to it, and comes back. */
  around(write: () => void): void
  /** Removes the line. */
  end(): void
}

const REDRAW_MS = 100
const CLEAR = '\r\x1b[2K'
const COLUMNS_DEFAULT = 80

interface Terminal {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

export function startProgress(work: string, stream: Terminal = process.stderr): Progress {
  if (stream.isTTY !== true) return { at: () => {}, around: (write) => write(), end: () => {} }
  let line = `${work} …`
  let drawn_at = 0
  let ended = false
  const draw = (): void => {
    drawn_at = performance.now()
    stream.write(`${CLEAR}${cut(line, (stream.columns || COLUMNS_DEFAULT) - 1)}`)
  }
  draw()
  return {
    at(detail) {
      line = `${work} … ${detail}`
      if (!ended && performance.now() - drawn_at >= REDRAW_MS) draw()
    },
    around(write) {
      if (ended) return write()
      stream.write(CLEAR)
      write()
      draw()
    },
    end() {
      if (!ended) stream.write(CLEAR)
      ended = true
    },
  }
}

/** A line that wraps could not be removed again. */
function cut(line: string, width: number): string {
  let short = line
  while (columns(short) > width) short = short.slice(0, -1)
  return short
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

/** `12.0 MB, 40 %`; without the percentage where the whole is not known. */
export function ofWhole(bytes: number, whole: number | undefined): string {
  const share = whole === undefined || whole === 0 ? '' : `, ${Math.min(100, Math.floor((bytes / whole) * 100))} %`
  return `${megabytes(bytes)}${share}`
}
