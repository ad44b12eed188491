// Tests whether the database can be used by writing to it: a database that answers queries may still be full or read-only.

import { reasonOf } from '@cashdesk/store'
import type { World } from '../world.ts'

export type DatabaseFault = { wrong: 'schema' } | { wrong: 'database'; reason: string }

/** Undefined when the database can be used. */
export async function faultOfDatabase({ store, clock }: Pick<World, 'store' | 'clock'>): Promise<DatabaseFault | undefined> {
  try {
    // Migrations of a newer version are allowed: they only add, so that servers can be replaced one by one (reliability G12).
    const { pending, changed } = await store.schema()
    if (pending.length + changed.length > 0) return { wrong: 'schema' }
    await store.transaction((tx) => tx.settings.write('ready', String(clock.now())))
    return undefined
  } catch (error) {
    return { wrong: 'database', reason: reasonOf(error) }
  }
}
