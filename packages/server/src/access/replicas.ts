// How many servers share this database: each allows its part of what all together may, so that a limit is a limit however many there are (reliability J2).

import type { World } from '../world.ts'

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

export function createPresence(world: World): Presence {
  const id = Buffer.from(world.random(8)).toString('hex')
  return {
    async round() {
      const now = world.clock.now()
      world.replicas.count = await world.store.transaction((tx) => tx.processes.seen(id, now, now - GONE_MS))
    },
    leave: () => world.store.transaction((tx) => tx.processes.gone(id)),
  }
}
