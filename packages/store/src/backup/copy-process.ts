// Copies a database file, reads the whole copy, and ends. Started by backup.ts with one message.

import type { CopyAnswer, CopyOrder } from './backup.ts'
import { copy } from './copy.ts'

process.once('message', (order) => {
  copy(order as CopyOrder)
    .then((manifest): CopyAnswer => ({ manifest }))
    .catch((error: unknown): CopyAnswer => ({ error: error instanceof Error ? error.message : String(error) }))
    .then((answer) => process.send?.(answer, () => process.disconnect()))
})
