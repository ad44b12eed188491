// Incidents: cases that need a person. This is their shape for the merchant's backend, in the API and in events.

/** Each kind has its heading in docs/reference/incidents.md. */
export const INCIDENT_KINDS = [
  'payment_mismatch',
  'fact_unreadable',
  'refund_mismatch',
  'refund_abnormal',
  'refund_unreadable',
  'refund_conflict',
  'orphan_payment',
  'orphan_refund',
  'notification_unreadable',
  'double_payment',
  'stuck',
  'books_differ',
] as const

export type IncidentKind = (typeof INCIDENT_KINDS)[number]

export interface IncidentView {
  id: string
  merchant: string
  kind: IncidentKind
  subject: string
  detail: Readonly<Record<string, string>>
  state: 'open' | 'resolved'
  /** RFC 3339, as all times here. */
  created_at: string
  resolved_at: string | null
  resolved_by: string | null
  note: string | null
}

/** An incident as stored: times in epoch milliseconds, `detail` as JSON text. */
export interface KeptIncident extends Omit<IncidentView, 'detail' | 'created_at' | 'resolved_at'> {
  detail: string
  created_at: number
  resolved_at: number | null
}

export function incidentView({ id, merchant, kind, subject, detail, state, ...rest }: KeptIncident): IncidentView {
  return {
    id,
    merchant,
    kind,
    subject,
    // `detail` was written by us, always as an object of texts.
    detail: JSON.parse(detail) as Record<string, string>,
    state,
    created_at: new Date(rest.created_at).toISOString(),
    resolved_at: rest.resolved_at === null ? null : new Date(rest.resolved_at).toISOString(),
    resolved_by: rest.resolved_by,
    note: rest.note,
  }
}
