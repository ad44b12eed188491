// Webhook endpoints of a merchant: create, list, change the secret, disable; and send events again.

import { createWebhookEndpointRequest, type DeliveryAnswer, ofMerchantQuery, replayEventsRequest } from '@cashdesk/contract'
import type { DeliveryRow, Tx, WebhookEndpoint } from '@cashdesk/store'
import { Hono } from 'hono'
import type { ApiKey } from '../access/keys.ts'
import { merchantFor } from '../access/who.ts'
import { Problem } from '../problem.ts'
import { urlFault } from '../webhooks/address.ts'
import type { Merchant } from '../wechat/merchant.ts'
import type { World } from '../world.ts'
import { body, query } from './input.ts'
import { onKey, param } from './routes.ts'

const ENDPOINTS_MAX = 10
/** Events replayed in one transaction; more would make other transactions wait long. */
const REPLAYED_MAX = 200
/** After a change of the secret, both secrets sign for a day, so that the receiver can switch without losing events. */
const OVERLAP_MS = 24 * 60 * 60 * 1000

export function webhookApi(world: World): Hono {
  const api = new Hono()
  const noted = (tx: Tx, key: ApiKey, merchant: Merchant, act: string, subject: string, detail: Record<string, unknown> = {}) =>
    tx.auditLog.append({ at: world.clock.now(), who: key.id, act, merchant: merchant.id, subject, detail })
  const merchantOf = (request: Request, key: ApiKey) => merchantFor(world, key, query(request, ofMerchantQuery).merchant)

  onKey(api, world, 'createWebhookEndpoint', async (c, key) => {
    const merchant = merchantOf(c.req.raw, key)
    const { url } = await body(c.req.raw, createWebhookEndpointRequest)
    const fault = urlFault(url, world.webhookPolicy)
    if (fault) throw new Problem('invalid_request', { errors: [{ field: '/url', message: `${fault.en} / ${fault.zh}` }] })
    const endpoint: WebhookEndpoint = {
      id: `we_${Buffer.from(world.random(12)).toString('hex')}`,
      merchant: merchant.id,
      url,
      secret: newSecret(world),
      secret_before: null,
      secret_before_until: null,
      disabled_at: null,
      created_at: world.clock.now(),
    }
    await world.store.transaction(async (tx) => {
      const open = (await tx.webhooks.endpoints(merchant.id)).filter((one) => one.disabled_at === null)
      if (open.length >= ENDPOINTS_MAX) throw new Problem('too_many_endpoints')
      await tx.webhooks.insertEndpoint(endpoint)
      await noted(tx, key, merchant, 'webhook_endpoint.create', endpoint.id, { url })
    })
    // The secret is shown only here and when it is changed.
    return c.json({ ...view(endpoint), secret: endpoint.secret }, 201)
  })

  onKey(api, world, 'listWebhookEndpoints', async (c, key) => {
    const merchant = merchantOf(c.req.raw, key)
    const endpoints = await world.store.transaction((tx) => tx.webhooks.endpoints(merchant.id))
    return c.json({ data: endpoints.map(view), next: null })
  })

  onKey(api, world, 'rotateWebhookSecret', async (c, key) => {
    const merchant = merchantOf(c.req.raw, key)
    const secret = newSecret(world)
    const until = world.clock.now() + OVERLAP_MS
    await world.store.transaction(async (tx) => {
      if (!(await tx.webhooks.rotateSecret(merchant.id, param(c, 'id'), secret, until))) throw new Problem('not_found')
      await noted(tx, key, merchant, 'webhook_endpoint.rotate', param(c, 'id'))
    })
    return c.json({ id: param(c, 'id'), secret, secret_before_until: new Date(until).toISOString() })
  })

  onKey(api, world, 'disableWebhookEndpoint', async (c, key) => {
    const merchant = merchantOf(c.req.raw, key)
    await world.store.transaction(async (tx) => {
      if (!(await tx.webhooks.disable(merchant.id, param(c, 'id'), world.clock.now()))) throw new Problem('not_found')
      await noted(tx, key, merchant, 'webhook_endpoint.disable', param(c, 'id'))
    })
    return c.body(null, 204)
  })

  onKey(api, world, 'replayEvent', async (c, key) => {
    const merchant = merchantOf(c.req.raw, key)
    if (!(await world.store.transaction((tx) => tx.webhooks.replay(merchant.id, param(c, 'id'), world.clock.now()))))
      throw new Problem('not_found')
    return c.body(null, 204)
  })

  onKey(api, world, 'replayEvents', async (c, key) => {
    const merchant = merchantOf(c.req.raw, key)
    const { from, to, exhausted = false, after = '' } = await body(c.req.raw, replayEventsRequest)
    const which = {
      from: Date.parse(from),
      to: to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to),
      exhausted,
      after,
      limit: REPLAYED_MAX,
    }
    const ids = await world.store.transaction((tx) => tx.webhooks.replayMany(merchant.id, which, world.clock.now()))
    return c.json({ replayed: ids.length, next: ids.length === REPLAYED_MAX ? (ids.at(-1) ?? null) : null })
  })

  onKey(api, world, 'listDeliveries', async (c, key) => {
    const merchant = merchantOf(c.req.raw, key)
    const deliveries = await world.store.transaction((tx) => tx.webhooks.deliveries(merchant.id, param(c, 'id')))
    return c.json({ data: deliveries.map(deliveryView), next: null })
  })

  return api
}

function newSecret(world: World): string {
  return `whsec_${Buffer.from(world.random(24)).toString('base64')}`
}

function view(endpoint: WebhookEndpoint) {
  const { id, merchant, url, disabled_at, created_at } = endpoint
  return { id, merchant, url, enabled: disabled_at === null, created_at: new Date(created_at).toISOString() }
}

function deliveryView(delivery: DeliveryRow): DeliveryAnswer {
  return {
    ...delivery,
    next_attempt_at: delivery.next_attempt_at === null ? null : new Date(delivery.next_attempt_at).toISOString(),
    updated_at: new Date(delivery.updated_at).toISOString(),
  }
}
