// The error for a state file that cannot be read or written.

/** Its message is for a person: cause and fix, in English and Chinese. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError'
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
