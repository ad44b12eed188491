// Delivers an event to a merchant's endpoint: claim in one transaction → send, signed → record
// the outcome in one transaction. Every event is delivered at least once, always under one id.

import { afterDelivery, type DeliveryAnswer } from '@cashdesk/domain'
import type { ClaimedDelivery } from '@cashdesk/store'
import { Webhook } from 'standardwebhooks'
import { causeOf } from '../log.ts'
import { VERSION } from '../version.ts'
import { createRoom } from '../webhooks/room.ts'
import type { World } from '../world.ts'

export interface Deliverer {
  /** Claims the deliveries that are due and starts them. Returns how many, without waiting for them. */
  round(): Promise<number>
  /** Waits until no delivery is under way. */
  idle(): Promise<void>
}

/** Keeps the health of each endpoint: one that is slow or down gets few slots, so that it does not delay the others. */
export function createDeliverer(world: World, ended: () => void = () => {}): Deliverer {
  const room = createRoom()
  const underWay = new Set<Promise<void>>()
  const start = (delivery: ClaimedDelivery): void => {
    const { id } = delivery.endpoint
    room.began(id, world.clock.now())
    const sending = deliver(world, delivery)
      .catch((error: unknown) => {
        world.log('event.delivery_failed', {
          merchant: delivery.endpoint.merchant,
          ...causeOf(error),
        })
        return false
      })
      .then((arrived) => {
        room.ended(id, arrived, world.clock.now())
        underWay.delete(sending)
        ended()
      })
    underWay.add(sending)
  }
  return {
    async round() {
      if (world.skew.isWrong()) return 0
      const now = world.clock.now()
      const claimed = await world.store.transaction(async (tx) => {
        const taken: ClaimedDelivery[] = []
        for (const id of await tx.webhooks.waiting(now)) taken.push(...(await tx.webhooks.claim(id, room.left(id, now), now)))
        return taken
      })
      for (const delivery of claimed) start(delivery)
      return claimed.length
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** Delivers until nothing is due that may be sent now, and waits for the deliveries. Returns how many attempts were made. */
export async function deliverDue(world: World): Promise<number> {
  const deliverer = createDeliverer(world)
  let tried = 0
  for (let taken = await deliverer.round(); taken > 0; taken = await deliverer.round()) {
    tried += taken
    await deliverer.idle()
  }
  return tried
}

/** Makes one attempt and records its outcome. Returns whether the endpoint accepted the event. */
async function deliver(world: World, { endpoint, event, attempts }: ClaimedDelivery): Promise<boolean> {
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
  return outcome.state === 'succeeded'
}

async function send(world: World, { endpoint, event }: ClaimedDelivery): Promise<{ answer: DeliveryAnswer; error: string | null }> {
  const now = world.clock.now()
  // Compact JSON with a fixed order of fields: an event has the same bytes at every attempt.
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
    'user-agent': `cashdesk/${VERSION}`,
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
