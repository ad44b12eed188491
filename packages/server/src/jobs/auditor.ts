// The audit while the server runs: one check at a time, so that nobody waits for all of them, each once an hour.

import { CHECKS } from '@cashdesk/store'
import type { World } from '../world.ts'

/** What was due so long ago must not be waiting; more than `cashdesk audit` allows a server that stands still. */
const GRACE_MS = 10 * 60_000
/** Between two checks. */
export const AUDIT_PAUSE_MS: number = Math.floor((60 * 60_000) / CHECKS.length)

/** Each round runs the next check, and tells of what it found. */
export function createAuditor(world: World): { round(): Promise<void> } {
  let next = 0
  return {
    async round() {
      const check = CHECKS[next++ % CHECKS.length]?.name ?? ''
      const found = await world.store.audit(world.clock.now() - GRACE_MS, [check])
      world.metrics.violations.set({ check }, found.length)
      if (found.length > 0) world.log('audit.broken', { code: check, detail: `${found.length}` })
    },
  }
}
