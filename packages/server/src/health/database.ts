// Whether the database can be used, found out by writing to it: one that answers questions may still be full or read-only.

import { reasonOf } from '@cashdesk/store'
import type { World } from '../world.ts'

export type DatabaseFault = { wrong: 'schema' } | { wrong: 'database'; reason: string }

/** Undefined when it can. */
export async function faultOfDatabase({ store, clock }: Pick<World, 'store' | 'clock'>): Promise<DatabaseFault | undefined> {
  try {
    // What a newer version has added is no hindrance: it only adds, so that servers can be replaced one by one (reliability G12).
    const { pending, changed } = await store.schema()
    if (pending.length + changed.length > 0) return { wrong: 'schema' }
    await store.transaction((tx) => tx.settings.write('ready', String(clock.now())))
    return undefined
  } catch (error) {
    return { wrong: 'database', reason: reasonOf(error) }
  }
}
