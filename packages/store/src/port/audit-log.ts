// The audit log of operators' acts, as a chain of hashes.

export interface OperatorAct {
  at: number
  /** Which API key: its prefix, or `config:` and the beginning of its hash. */
  who: string
  act: string
  merchant: string
  subject: string
  detail: Readonly<Record<string, unknown>>
}

export interface AuditLogRow extends Omit<OperatorAct, 'detail'> {
  seq: number
  /** JSON text. */
  detail: string
  prev_hash: string
  hash: string
}

export interface AuditLog {
  /** Appends an act. Call it last in a transaction: until the transaction ends, other appends wait. */
  append(act: OperatorAct): Promise<void>
  /** Oldest first, after the row with that number. */
  list(merchant: string, page: { limit: number; after?: number | undefined }): Promise<AuditLogRow[]>
}
