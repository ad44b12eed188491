// Runs the audit in a running server: one check at a time, so that requests are
// not delayed by all of them; each once an hour, or less often if it takes long.

import { CHECKS } from '@cashdesk/store'
import type { World } from '../world.ts'

/** Work that was due so long ago must be done. This is longer than the default of `cashdesk audit`, which is for a server that stands still. */
const GRACE_MS = 10 * 60_000
/** Pause between two checks. */
export const AUDIT_PAUSE_MS: number = 3 * 60_000
const EACH_MS = 60 * 60_000
/** On SQLite a check blocks this process, so each may take at most one five-thousandth of the time. */
const SHARE = 5000

/** Each round runs the check that has waited longest, if it is due, and reports what it found. */
export function createAuditor(world: World): { round(): Promise<void> } {
  const due = new Map(CHECKS.map(({ name }) => [name, Number.NEGATIVE_INFINITY]))
  return {
    async round() {
      const began = world.clock.now()
      const [first] = [...due].sort((a, b) => a[1] - b[1])
      if (!first || first[1] > began) return
      const [check] = first
      const found = await world.store.audit(began - GRACE_MS, [check])
      const ended = world.clock.now()
      due.set(check, ended + Math.max(EACH_MS, (ended - began) * SHARE))
      world.metrics.violations.set({ check }, found.length)
      if (found.length > 0) world.log('audit.broken', { code: check, detail: `${found.length}` })
    },
  }
}
