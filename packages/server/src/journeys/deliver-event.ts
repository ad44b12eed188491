// An event goes to a merchant's endpoint: claim in one transaction → send, signed → what came of it in one transaction. At least once, under one id.

import { afterDelivery, type DeliveryAnswer } from '@cashdesk/domain'
import type { ClaimedDelivery } from '@cashdesk/store'
import { Webhook } from 'standardwebhooks'
import type { World } from '../world.ts'

const BATCH = 20
/** One slow receiver must not hold up the others. */
const PER_ENDPOINT_MAX = 4

/** Sends what is due. Returns how many were tried. */
export async function deliverDue(world: World): Promise<number> {
  const claimed = await world.store.transaction((tx) => tx.webhooks.claim(world.clock.now(), BATCH))
  const queues = Map.groupBy(claimed, (delivery) => delivery.endpoint.id)
  await Promise.all([...queues.values()].flatMap((queue) => lanes(queue, PER_ENDPOINT_MAX).map((lane) => inTurn(world, lane))))
  return claimed.length
}

async function inTurn(world: World, lane: readonly ClaimedDelivery[]): Promise<void> {
  for (const delivery of lane) await deliver(world, delivery)
}

async function deliver(world: World, { endpoint, event, attempts }: ClaimedDelivery): Promise<void> {
  const { answer, error } = await send(world, { endpoint, event, attempts })
  const now = world.clock.now()
  const outcome = afterDelivery(attempts, answer, now)
  await world.store.transaction(async (tx) => {
    const settled = { event_id: event.id, endpoint_id: endpoint.id, attempts, outcome, status: answer.status ?? null, error, now }
    if ((await tx.webhooks.settle(settled)) && outcome.disable) await tx.webhooks.disable(endpoint.merchant, endpoint.id, now)
  })
  world.log('event.delivery', {
    merchant: endpoint.merchant,
    detail: outcome.state,
    ...(answer.status !== undefined && { status: answer.status }),
  })
}

async function send(world: World, { endpoint, event }: ClaimedDelivery): Promise<{ answer: DeliveryAnswer; error: string | null }> {
  const now = world.clock.now()
  // Compact and stable: the same event is the same bytes at every attempt.
  const body = `{"id":${JSON.stringify(event.id)},"type":${JSON.stringify(event.type)},"version":${event.version},"timestamp":${JSON.stringify(new Date(event.created_at).toISOString())},"data":${event.data}}`
  const secrets = [
    endpoint.secret,
    ...(endpoint.secret_before !== null && now < (endpoint.secret_before_until ?? 0) ? [endpoint.secret_before] : []),
  ]
  const headers = {
    'content-type': 'application/json',
    'webhook-id': event.id,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(event.id, new Date(now), body)).join(' '),
    'user-agent': 'cashdesk/0.1.0',
  }
  try {
    const response = await world.deliver(new Request(endpoint.url, { method: 'POST', headers, body, redirect: 'manual' }))
    const retryAfter = response.headers.get('retry-after')
    return {
      answer: {
        status: response.status,
        retry_after_s: retryAfter !== null && /^[0-9]{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined,
      },
      error: null,
    }
  } catch (error) {
    return { answer: {}, error: error instanceof Error ? error.message.slice(0, 200) : 'unknown' }
  }
}

function lanes<T>(items: readonly T[], count: number): T[][] {
  const all = Array.from({ length: Math.min(count, items.length) }, (): T[] => [])
  for (const [i, item] of items.entries()) all[i % all.length]?.push(item)
  return all
}
