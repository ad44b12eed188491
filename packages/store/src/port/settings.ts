// Single values, secrets among them.

export interface Settings {
  get(name: string): Promise<string | undefined>
  /** Of those that begin so. */
  names(prefix: string): Promise<string[]>
  /** Writes, whatever was there: what proves that the database can. */
  write(name: string, value: string): Promise<void>
  /** Keeps the value that is already there. Returns what is kept. */
  keep(name: string, value: string): Promise<string>
  /** The same for a value that nobody who reads the database may learn. */
  keepSecret(name: string, value: string): Promise<string>
  /** Seals a value that an earlier version, or one without a data key, kept in plain text. */
  sealSecret(name: string): Promise<void>
}
