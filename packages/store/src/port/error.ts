// The error of the store.

import { reasonOf } from '../reason.ts'

/**
 * Nothing of the transaction was stored. `STORE_UNAVAILABLE`: the database cannot be used now; the same call may be repeated. `STORE_INPUT`:
 * a value that the database cannot hold. `STORE_MISSING`: there is no database, and none was created. `STORE_CONSTRAINT`: a rule of the
 * schema refused the write, which our code should have prevented. `STORE_BACKUP`: a copy could not be made, or cannot be restored.
 */
export class StoreError extends Error {
  readonly code:
    | 'STORE_UNAVAILABLE'
    | 'STORE_MISSING'
    | 'STORE_INPUT'
    | 'STORE_CONSTRAINT'
    | 'STORE_IN_USE'
    | 'STORE_CONFLICT'
    | 'STORE_SCHEMA'
    | 'STORE_IMPORT'
    | 'STORE_KEY'
    | 'STORE_BACKUP'

  /** The reason in one word: `disk_full`, `read_only`, `locked`, `connection`, `timeout`, … */
  readonly reason: string

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
    this.reason = reasonOf(options?.cause)
  }
}
