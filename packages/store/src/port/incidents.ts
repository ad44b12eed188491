// Incidents: what a person must look at.

import type { IncidentKind } from '@cashdesk/domain'

export interface NewIncident {
  merchant: string
  kind: IncidentKind
  /** The number that it is about: of an order, a refund or a notification, or the merchant's own reference. */
  subject: string
  detail: Readonly<Record<string, string>>
  now: number
}

export interface IncidentRow {
  id: string
  merchant: string
  kind: IncidentKind
  subject: string
  /** JSON text: an object of strings. */
  detail: string
  state: 'open' | 'resolved'
  created_at: number
  resolved_at: number | null
  /** The API key that resolved it; null also for an incident that was resolved before this column existed. */
  resolved_by: string | null
  note: string | null
}

export interface IncidentPage {
  limit: number
  state?: IncidentRow['state'] | undefined
  kind?: IncidentKind | undefined
  /** The id of the last incident of the page before. */
  after?: string | undefined
}

export interface Incidents {
  /** Opens an incident, with its event, unless the same one is open already. */
  open(incident: NewIncident): Promise<void>
  find(merchant: string, id: string): Promise<IncidentRow | undefined>
  openOne(merchant: string, kind: IncidentKind, subject: string): Promise<IncidentRow | undefined>
  /** Resolves an incident, with its event. One that is resolved already stays unchanged. Returns the incident as it is afterwards. */
  resolve(incident: IncidentRow, end: { by: string; note: string; now: number }): Promise<IncidentRow>
  /** Newest first. */
  list(merchant: string, page: IncidentPage): Promise<IncidentRow[]>
  count(merchant: string): Promise<number>
  /** Incidents about an order, its merchant's own reference, or a refund, oldest first. */
  about(merchant: string, subjects: readonly string[]): Promise<IncidentRow[]>
}
