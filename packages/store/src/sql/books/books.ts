// The books over one connection.

import type { Kysely } from 'kysely'
import type { Books } from '../../port/books.ts'
import type { Tables } from '../../schema.ts'
import type { Locking } from '../locking.ts'
import { comparisons } from './compare.ts'
import { days } from './days.ts'
import { differences } from './differences.ts'
import { files } from './files.ts'

export function books(db: Kysely<Tables>, locking: Locking): Books {
  return { ...days(db, locking), ...files(db), ...comparisons(db), ...differences(db, locking) }
}
