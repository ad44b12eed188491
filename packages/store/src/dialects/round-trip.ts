// A round trip to PostgreSQL: several statements in one write to the socket, with one Sync at their end. PostgreSQL runs them in order and, after an
// error, skips the others: so a write does not run after a failed BEGIN, nor a COMMIT after a failed write. pg sends only one statement at a time.

import type pg from 'pg'

export interface Answer {
  /** The first word of the command tag: SELECT, UPDATE, COMMIT. */
  command: string
  rows: Record<string, unknown>[]
  /** How many rows it returned or changed. */
  count: number
}

/** Sends statements over one connection. Each is prepared when it is first used. */
export interface Line {
  /** Sends a statement, after those that wait, and resolves with its answer. An error of any of them rejects. */
  ask(text: string, values?: readonly unknown[]): Promise<Answer>
  /** Keeps a statement for the next `ask`. */
  keep(text: string, values?: readonly unknown[]): void
  /** Drops the kept statements. */
  forget(): void
}

export function lineOver(client: pg.ClientBase, parserOf: (oid: number) => Parser): Line {
  const prepared = new Map<string, Prepared>()
  let kept: Part[] = []
  const partOf = (text: string, values: readonly unknown[] = []): Part => {
    const known = prepared.get(text) ?? { name: `s${prepared.size}`, text, columns: undefined }
    prepared.set(text, known)
    return { statement: known, values: values.map(textOf) }
  }
  const take = (): Part[] => {
    const parts = kept
    kept = []
    return parts
  }
  return {
    ask(text, values) {
      const last = partOf(text, values)
      return new Promise((resolve, reject) => {
        client.query(new RoundTrip([...take(), last], parserOf, (error, answer) => (answer ? resolve(answer) : reject(error))))
      })
    },
    keep: (text, values) => void kept.push(partOf(text, values)),
    forget: () => void take(),
  }
}

export type Parser = (text: string) => unknown

interface Column {
  name: string
  parse: Parser
}

/** A statement as one connection knows it. */
interface Prepared {
  name: string
  text: string
  /** Undefined until it has been prepared and described. */
  columns: readonly Column[] | undefined
}

interface Part {
  statement: Prepared
  values: (string | null)[]
}

/** The protocol's text form. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  throw new TypeError(`a parameter is of type ${typeof value}`)
}

type Callback = (error: Error | null, answer?: Answer) => void

/** A query of pg's (`Submittable`): pg sends it when the connection is free, and calls the methods below for each message that answers it. */
class RoundTrip implements pg.Submittable {
  /** pg replaces this with a function that ends its time limit and then calls ours. */
  callback: Callback
  readonly #parts: readonly Part[]
  readonly #parserOf: (oid: number) => Parser
  #answered = 0
  #columns: readonly Column[] = []
  #answer: Answer = { command: '', rows: [], count: 0 }

  constructor(parts: readonly Part[], parserOf: (oid: number) => Parser, callback: Callback) {
    this.#parts = parts
    this.#parserOf = parserOf
    this.callback = callback
  }

  submit(connection: pg.Connection): void {
    connection.stream.cork()
    for (const { statement, values } of this.#parts) {
      const { name, text, columns } = statement
      if (!columns) {
        // Closing a statement that does not exist is no error. It may exist: another part of its first round trip may have failed.
        connection.close({ type: 'S', name }, true)
        connection.parse({ name, text, types: [] }, true)
      }
      connection.bind({ statement: name, values }, true)
      if (!columns) connection.describe({ type: 'P' }, true)
      connection.execute(null, true)
    }
    connection.sync()
    connection.stream.uncork()
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: this.#parserOf(dataTypeID) }))
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const columns = this.#parts[this.#answered]?.statement.columns ?? this.#columns
    const row: Record<string, unknown> = {}
    for (const [i, { name, parse }] of columns.entries()) {
      const text = fields[i] ?? null
      row[name] = text === null ? null : parse(text)
    }
    this.#answer.rows.push(row)
  }

  handleCommandComplete({ text }: { text: string }): void {
    const statement = this.#parts[this.#answered++]?.statement
    if (statement) statement.columns ??= this.#columns
    this.#columns = []
    if (this.#answered < this.#parts.length) {
      this.#answer = { command: '', rows: [], count: 0 }
      return
    }
    const words = text.split(' ')
    this.#answer = { command: words[0] ?? '', rows: this.#answer.rows, count: Number(words.at(-1)) || 0 }
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#answer)
  }

  /** Every statement is prepared anew: which of them PostgreSQL has prepared is not known, nor whether their columns are still the same. */
  handleError(error: Error): void {
    for (const { statement } of this.#parts) statement.columns = undefined
    this.callback(error)
  }
}
