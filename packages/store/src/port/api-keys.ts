// API keys, of which only a hash is kept.

export interface ApiKeyRow {
  /** Names the key without opening anything. */
  prefix: string
  name: string
  merchants: string[]
  scopes: string[]
  created_at: number
  expires_at: number | null
  /** To the minute. */
  last_used_at: number | null
  revoked_at: number | null
  /** Which key made it: a prefix, or `config:` and the beginning of a configured key's hash. Null where that is not known. */
  made_by: string | null
}

/** Of a key only the SHA-256 is known here, in hex. */
export interface ApiKeys {
  insert(row: ApiKeyRow, key_hash: string): Promise<void>
  /** The key, unless it has expired or was revoked; notes that it was used. */
  use(key_hash: string, now: number): Promise<ApiKeyRow | undefined>
  /** The key, and nobody else revokes it or makes keys with it until this transaction ends. */
  lock(prefix: string): Promise<ApiKeyRow | undefined>
  /** Newest first. */
  list(): Promise<ApiKeyRow[]>
  /** The keys that this one made itself, newest first. */
  madeBy(id: string): Promise<ApiKeyRow[]>
  revoke(prefix: string, now: number): Promise<void>
}
