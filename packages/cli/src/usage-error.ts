// A command was called with wrong words: exit code 2, so that a script can tell that from a command that failed.

import type { Text } from './command/language.ts'

export class UsageError extends Error {
  override readonly name = 'UsageError'

  /** Like the errors of the other packages: English on the first line, Chinese on the second. */
  constructor({ en, zh }: Text) {
    super(`${en}\n${zh}`)
  }
}
