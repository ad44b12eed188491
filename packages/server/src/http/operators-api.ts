// The API of operators (scope `admin`): two of them decide about orders in review; they read the audit log, and list and resolve incidents.

import {
  type AuditLogEntry,
  auditLogQuery,
  incidentsQuery,
  ofMerchantQuery,
  type ReviewAnswer,
  resolveIncidentRequest,
  reviewOrderRequest,
} from '@cashdesk/contract'
import { incidentView, orderView } from '@cashdesk/domain'
import { Hono } from 'hono'
import { merchantFor } from '../access/who.ts'
import { resolveIncident } from '../journeys/resolve-incident.ts'
import { reviewOrder } from '../journeys/review-order.ts'
import type { World } from '../world.ts'
import { body, query } from './input.ts'
import { onKey, param } from './routes.ts'

export function operatorsApi(world: World): Hono {
  const api = new Hono()

  onKey(api, world, 'reviewOrder', async (c, key) => {
    const merchant = merchantFor(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    const request = await body(c.req.raw, reviewOrderRequest)
    const { review, order } = await reviewOrder(world, merchant, param(c, 'out_trade_no'), request, key.id)
    const answer: ReviewAnswer = {
      decision: review.decision,
      reason: review.reason,
      proposed_by: review.proposed_by,
      proposed_at: new Date(review.proposed_at).toISOString(),
      confirmed_by: review.confirmed_by,
      confirmed_at: review.confirmed_at === null ? null : new Date(review.confirmed_at).toISOString(),
      order: orderView(order),
    }
    return c.json(answer, review.confirmed_by === null ? 202 : 200)
  })

  onKey(api, world, 'listAuditLog', async (c, key) => {
    const page = query(c.req.raw, auditLogQuery)
    const merchant = merchantFor(world, key, page.merchant)
    const rows = await world.store.transaction((tx) => tx.auditLog.list(merchant.id, { limit: page.limit, after: page.after }))
    const data = rows.map(
      ({ at, detail, ...row }): AuditLogEntry => ({
        ...row,
        at: new Date(at).toISOString(),
        // We wrote this column ourselves, as JSON.
        detail: JSON.parse(detail) as Record<string, unknown>,
      }),
    )
    return c.json({ data, next: rows.length === page.limit ? String(rows.at(-1)?.seq) : null })
  })

  onKey(api, world, 'listIncidents', async (c, key) => {
    const page = query(c.req.raw, incidentsQuery)
    const merchant = merchantFor(world, key, page.merchant)
    const rows = await world.store.transaction((tx) => tx.incidents.list(merchant.id, page))
    return c.json({ data: rows.map(incidentView), next: rows.length === page.limit ? (rows.at(-1)?.id ?? null) : null })
  })

  onKey(api, world, 'resolveIncident', async (c, key) => {
    const merchant = merchantFor(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    const { note } = await body(c.req.raw, resolveIncidentRequest)
    return c.json(incidentView(await resolveIncident(world, merchant, param(c, 'id'), note, key.id)))
  })

  return api
}
