// Single named values, some of them secret.

export interface Settings {
  get(name: string): Promise<string | undefined>
  /** Names that begin with the prefix. */
  names(prefix: string): Promise<string[]>
  /** Writes the value, also over an existing one. The readiness check uses it to prove that the database can be written. */
  write(name: string, value: string): Promise<void>
  /** Writes the value unless there is one already. Returns the stored value. */
  keep(name: string, value: string): Promise<string>
  /** Like `keep`, for a secret: the value is sealed in the database. */
  keepSecret(name: string, value: string): Promise<string>
  /** Seals a value that was stored in plain text by an earlier version or without a data key. */
  sealSecret(name: string): Promise<void>
}
