// What the memory answers when it cannot.

import { reasonOf } from '../reason.ts'

/**
 * Nothing of the transaction was kept. `STORE_UNAVAILABLE`: the memory cannot be used now, and the same may be tried again. `STORE_INPUT`: a value that
 * the database cannot hold. `STORE_MISSING`: there is no database, and none was made. `STORE_CONSTRAINT`: a rule of the schema refused it, which the code should have done before. `STORE_BACKUP`: a copy could not be made, or is none that could be restored.
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

  /** Why, in one word: `disk_full`, `read_only`, `locked`, `connection`, `timeout`, … */
  readonly reason: string

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
    this.reason = reasonOf(options?.cause)
  }
}
