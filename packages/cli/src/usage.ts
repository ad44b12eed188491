// The words of a command are wrong: said, with exit code 2, so that a script can tell that from a command that failed.

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Also what the parser says of an unknown option or a missing value. */
export function isUsage(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return error instanceof UsageError || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'))
}
