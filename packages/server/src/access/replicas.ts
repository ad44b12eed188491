// How many servers share this database: each allows its part of what all together may, so that a limit is a limit however many there are (reliability J2).

import type { Clock, Random } from '@cashdesk/sdk'
import type { Store } from '@cashdesk/store'

export const BEAT_PAUSE_MS = 5000
/** Whoever was not seen for so long is gone. */
const GONE_MS = 30_000

export interface Replicas {
  /** 1 until another one is seen. */
  count: number
}

export interface Presence {
  /** Says that we are here, and counts who else is. */
  round(): Promise<void>
  leave(): Promise<void>
}

export interface PresenceWindows {
  clock: Clock
  random: Random
  store: Store
  replicas: Replicas
}

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
