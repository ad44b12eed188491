// The process that copies a database file and reads the whole copy, then ends. backup.ts starts it and sends one message.

import type { CopyAnswer, CopyOrder } from './backup.ts'
import { copy } from './copy.ts'

process.once('message', (order) => {
  copy(order as CopyOrder)
    .then((manifest): CopyAnswer => ({ manifest }))
    .catch((error: unknown): CopyAnswer => ({ error: error instanceof Error ? error.message : String(error) }))
    .then((answer) => process.send?.(answer, () => process.disconnect()))
})
