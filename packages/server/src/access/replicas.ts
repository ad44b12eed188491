// Counts the servers that share this database. Each allows its share of a limit, so that the limit holds for all of them together (reliability J2).

import type { Clock, Random } from '@cashdesk/sdk'
import type { Store } from '@cashdesk/store'

export const BEAT_PAUSE_MS = 5000
/** A server that has not reported for so long no longer counts. */
const GONE_MS = 30_000

export interface Replicas {
  /** The number of servers; 1 until another one is seen. */
  count: number
}

export interface Presence {
  /** Reports that this server is running, and counts the others. */
  round(): Promise<void>
  leave(): Promise<void>
}

export interface PresenceWindows {
  clock: Clock
  random: Random
  store: Store
  replicas: Replicas
}

/** Keeps `replicas.count` up to date; call `round` every BEAT_PAUSE_MS and `leave` at the end. */
export function createPresence({ clock, random, store, replicas }: PresenceWindows): Presence {
  const id = Buffer.from(random(8)).toString('hex')
  return {
    async round() {
      const now = clock.now()
      replicas.count = await store.transaction((tx) => tx.processes.seen(id, now, now - GONE_MS))
    },
    leave: () => store.transaction((tx) => tx.processes.gone(id)),
  }
}
