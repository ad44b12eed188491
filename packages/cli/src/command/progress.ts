// One line on standard error that shows the progress of long work. Nothing is written if standard error is not a terminal.

import { columns } from './terminal.ts'

export interface Progress {
  /** Replaces the text after the name of the work. May be called often: the line is rewritten at most ten times a second. */
  at(detail: string): void
  /** Writes other output: the line is removed before and written again after it. */
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

/** Cuts the text to the width of the terminal, because a line that wraps could not be removed. */
function cut(line: string, width: number): string {
  let short = line
  while (columns(short) > width) short = short.slice(0, -1)
  return short
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

/** `12.0 MB, 40 %`; without the percentage if the total is not known. */
export function ofWhole(bytes: number, whole: number | undefined): string {
  const share = whole === undefined || whole === 0 ? '' : `, ${Math.min(100, Math.floor((bytes / whole) * 100))} %`
  return `${megabytes(bytes)}${share}`
}
