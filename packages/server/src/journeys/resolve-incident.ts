// A person has dealt with an incident: it is resolved, with its event and its line in the audit log, in one transaction.

import type { IncidentRow } from '@cashdesk/store'
import { Problem } from '../problem.ts'
import type { Merchant } from '../wechat/merchant.ts'
import type { World } from '../world.ts'

/** An incident that is resolved already is returned unchanged, so the call may be repeated. @throws Problem not_found */
export async function resolveIncident(world: World, merchant: Merchant, id: string, note: string, by: string): Promise<IncidentRow> {
  const now = world.clock.now()
  return world.store.transaction(async (tx) => {
    const incident = await tx.incidents.find(merchant.id, id)
    if (!incident) throw new Problem('not_found')
    if (incident.state === 'resolved') return incident
    const resolved = await tx.incidents.resolve(incident, { by, note, now })
    const { kind, subject } = incident
    await tx.auditLog.append({ at: now, who: by, act: 'incident.resolve', merchant: merchant.id, subject, detail: { id, kind, note } })
    return resolved
  })
}
