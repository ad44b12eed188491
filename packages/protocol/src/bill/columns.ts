// Columns of a bill by name. Order and number may change, names have older and wider forms; a column that is needed and missing is an error that names it.

import { refuse } from './refuse.ts'

const COLUMNS_MAX = 100

/** The same name, whichever brackets WeChat wrote. */
export function columnName(written: string): string {
  return written.trim().replace('（', '(').replace('）', ')')
}

export class Columns {
  readonly names: readonly string[]
  readonly #line: number
  readonly #known = new Set<number>()

  /** @throws MessageError ERR_BILL_FORMAT for a name that occurs twice */
  constructor(names: readonly string[], line: number) {
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined) refuse({ line, column: twice, problem: 'two columns of the same name' })
    if (names.length > COLUMNS_MAX) refuse({ line, problem: `more than ${COLUMNS_MAX} columns` })
    this.names = names
    this.#line = line
  }

  has(...names: readonly string[]): boolean {
    return names.some((name) => this.names.includes(name))
  }

  /** The position of the column that has one of these names, or -1. */
  find(...names: readonly string[]): number {
    const at = this.names.findIndex((name) => names.includes(name))
    this.#known.add(at)
    return at
  }

  /** As `find`. @throws MessageError ERR_BILL_FORMAT when there is none */
  need(...names: readonly string[]): number {
    const at = this.find(...names)
    if (at < 0) refuse({ line: this.#line, problem: 'a column is missing', missing: names[0] ?? '' })
    return at
  }

  /** Name and position of the columns that nobody asked for. */
  unknown(): (readonly [name: string, at: number])[] {
    return this.names.flatMap((name, at) => (this.#known.has(at) ? [] : [[name, at] as const]))
  }
}
