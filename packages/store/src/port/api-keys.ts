// API keys. Only their hashes are stored.

export interface ApiKeyRow {
  /** Identifies the key; it is not secret. */
  prefix: string
  name: string
  merchants: string[]
  scopes: string[]
  created_at: number
  expires_at: number | null
  /** Accurate to a minute. */
  last_used_at: number | null
  revoked_at: number | null
  /** The key that made this one: a prefix, or `config:` and the beginning of a configured key's hash. Null if it is not known. */
  made_by: string | null
}

/** The store knows only the SHA-256 of a key, in hex. */
export interface ApiKeys {
  insert(row: ApiKeyRow, key_hash: string): Promise<void>
  /** Finds the key unless it has expired or was revoked, and records that it was used. */
  use(key_hash: string, now: number): Promise<ApiKeyRow | undefined>
  /** Finds and locks the key: until this transaction ends no other can revoke it or make keys with it. */
  lock(prefix: string): Promise<ApiKeyRow | undefined>
  /** Newest first. */
  list(): Promise<ApiKeyRow[]>
  /** The keys that this one made directly, newest first. */
  madeBy(id: string): Promise<ApiKeyRow[]>
  revoke(prefix: string, now: number): Promise<void>
}
