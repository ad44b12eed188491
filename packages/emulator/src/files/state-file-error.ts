// The state cannot be read, or not be written.

/** The message is for a person: cause and cure in both languages. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError'
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
