// Kysely over the connection of the current transaction, with that connection itself for statements that are compiled once (statement.ts).

import { type CompiledQuery, type DatabaseConnection, type Dialect, Kysely } from 'kysely'
import type { Tables } from '../schema.ts'

export type Text = Pick<CompiledQuery, 'sql' | 'parameters'>

export interface Connection extends DatabaseConnection {
  /**
   * For a write whose result nobody reads. PostgreSQL gets it together with the next statement or the commit, whichever
   * comes first, which saves a round trip; an error of it rejects that statement or that commit. SQLite runs it at once.
   */
  executeLater(text: Text): Promise<void>
}

export class Database extends Kysely<Tables> {
  readonly lent: Connection

  constructor(dialect: Dialect, connection: Connection) {
    super({ dialect })
    this.lent = connection
  }
}
