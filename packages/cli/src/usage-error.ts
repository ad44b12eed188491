// The command line was wrong: exit code 2, so that a script can tell this from a failed command.

import type { Text } from './command/language.ts'

export class UsageError extends Error {
  override readonly name = 'UsageError'

  /** Like the errors of the other packages: English on the first line, Chinese on the second. */
  constructor({ en, zh }: Text) {
    super(`${en}\n${zh}`)
  }
}
