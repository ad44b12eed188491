// Webhook endpoints, and the deliveries that are written for each endpoint together with the event.

import type { Kysely } from 'kysely'
import type { EventRow } from '../port/events.ts'
import type { ClaimedDelivery, WebhookEndpoint, Webhooks } from '../port/webhooks.ts'
import type { Tables } from '../schema.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { LEASE_MS } from './claims.ts'
import type { Database } from './database.ts'
import type { Locking } from './locking.ts'
import { openedEvent } from './opened-event.ts'
import { write } from './statement.ts'

export function webhooks(db: Database, locking: Locking, sealer: Sealer): Webhooks {
  const stageDeliveries = staging(db)
  /** Stages the event for every endpoint that exists now, beginning with the first attempt. */
  const stageAgain = async (merchant: string, id: string, now: number): Promise<void> => {
    await db.deleteFrom('webhook_deliveries').where('event_id', '=', id).execute()
    await stageDeliveries({ id, merchant, created_at: now })
  }
  return {
    async insertEndpoint(endpoint) {
      await db.insertInto('webhook_endpoints').values(sealed(endpoint, sealer)).execute()
    },
    async sealSecrets() {
      for (const endpoint of await db.selectFrom('webhook_endpoints').selectAll().execute()) {
        const { id, secret, secret_before } = sealed(endpoint, sealer)
        if (secret === endpoint.secret && secret_before === endpoint.secret_before) continue
        await db.updateTable('webhook_endpoints').set({ secret, secret_before }).where('id', '=', id).execute()
      }
    },
    async endpoints(merchant) {
      const rows = await db.selectFrom('webhook_endpoints').selectAll().where('merchant', '=', merchant).orderBy('created_at').execute()
      return rows.map((row) => opened(row, sealer))
    },
    async rotateSecret(merchant, id, secret, before_until) {
      const { numUpdatedRows } = await db
        .updateTable('webhook_endpoints')
        .set((e) => ({ secret: sealer.seal(secret, PLACE, id), secret_before: e.ref('secret'), secret_before_until: before_until }))
        .where('merchant', '=', merchant)
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
    async disable(merchant, id, now) {
      const { numUpdatedRows } = await db
        .updateTable('webhook_endpoints')
        .set({ disabled_at: now })
        .where('merchant', '=', merchant)
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      // A disabled endpoint receives nothing, also not what was staged before.
      if (numUpdatedRows === 1n) await giveUp(db, id, now)
      return numUpdatedRows === 1n
    },
    async waiting(now) {
      const rows = await db.selectFrom('webhook_deliveries').select('endpoint_id').distinct().where('next_attempt_at', '<=', now).execute()
      return rows.map(({ endpoint_id }) => endpoint_id)
    },
    claim: (endpoint_id, limit, now) => claimOf(db, locking, sealer, endpoint_id, limit, now),
    async settle({ event_id, endpoint_id, attempts, outcome, status, error, now }) {
      // A stale claim (its lease ran out and another took over) must not overwrite the newer one's result.
      const { numUpdatedRows } = await db
        .updateTable('webhook_deliveries')
        .set({ state: outcome.state, next_attempt_at: outcome.next_attempt_at, last_status: status, last_error: error, updated_at: now })
        .where('event_id', '=', event_id)
        .where('endpoint_id', '=', endpoint_id)
        .where('attempts', '=', attempts)
        .where('state', '=', 'pending')
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
    deliveries: (merchant, event_id) =>
      db.selectFrom('webhook_deliveries').selectAll().where('merchant', '=', merchant).where('event_id', '=', event_id).execute(),
    async replay(merchant, event_id, now) {
      const event = await db
        .selectFrom('events')
        .select('id')
        .where('merchant', '=', merchant)
        .where('id', '=', event_id)
        .executeTakeFirst()
      if (!event) return false
      await stageAgain(merchant, event_id, now)
      return true
    },
    async replayMany(merchant, { from, to, exhausted, after, limit }, now) {
      let events = db
        .selectFrom('events')
        .select('id')
        .where('merchant', '=', merchant)
        .where('created_at', '>=', from)
        .where('created_at', '<', to)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
      if (exhausted) {
        events = events.where((e) =>
          e.exists(
            e
              .selectFrom('webhook_deliveries as d')
              .select('d.event_id')
              .whereRef('d.event_id', '=', 'events.id')
              .where('d.state', '=', 'exhausted'),
          ),
        )
      }
      const ids = (await events.execute()).map(({ id }) => id)
      for (const id of ids) await stageAgain(merchant, id, now)
      return ids
    },
  }
}

/** The place under which both secrets are sealed. It is the same, because a rotation moves the secret to the other column without opening it. */
const PLACE = 'webhook_endpoints.secret'

function sealed(endpoint: WebhookEndpoint, sealer: Sealer): WebhookEndpoint {
  const seal = (secret: string): string => (sealer.isSealed(secret) ? secret : sealer.seal(secret, PLACE, endpoint.id))
  const { secret, secret_before } = endpoint
  return { ...endpoint, secret: seal(secret), secret_before: secret_before && seal(secret_before) }
}

function opened(row: WebhookEndpoint, sealer: Sealer): WebhookEndpoint {
  const open = (secret: string): string => sealer.open(secret, PLACE, row.id)
  return { ...row, secret: open(row.secret), secret_before: row.secret_before && open(row.secret_before) }
}

async function claimOf(
  db: Kysely<Tables>,
  locking: Locking,
  sealer: Sealer,
  endpoint_id: string,
  room: number,
  now: number,
): Promise<ClaimedDelivery[]> {
  if (room <= 0) return []
  const due = db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('endpoint_id', '=', endpoint_id)
    .where('next_attempt_at', '<=', now)
    .orderBy('next_attempt_at')
    .orderBy('event_id')
    .limit(room)
  const rows = await locking.takeFree(due).execute()
  if (rows.length === 0) return []
  const endpoint = await db.selectFrom('webhook_endpoints').selectAll().where('id', '=', endpoint_id).executeTakeFirstOrThrow()
  // Another transaction staged this delivery before it could see that the endpoint was disabled.
  if (endpoint.disabled_at !== null) return giveUp(db, endpoint_id, now)
  const claimed: ClaimedDelivery[] = []
  for (const row of rows) {
    const event = await db.selectFrom('events').selectAll().where('id', '=', row.event_id).executeTakeFirstOrThrow()
    // The attempt is counted when it is claimed, so that an event which crashes its sender is not retried forever.
    const attempts = row.attempts + 1
    await db
      .updateTable('webhook_deliveries')
      .set({ attempts, next_attempt_at: now + LEASE_MS, updated_at: now })
      .where('event_id', '=', row.event_id)
      .where('endpoint_id', '=', row.endpoint_id)
      .execute()
    claimed.push({ endpoint: opened(endpoint, sealer), event: openedEvent(event, sealer), attempts })
  }
  return claimed
}

async function giveUp(db: Kysely<Tables>, endpoint_id: string, now: number): Promise<never[]> {
  await db
    .updateTable('webhook_deliveries')
    .set({ state: 'exhausted', next_attempt_at: null, last_error: 'the endpoint was disabled', updated_at: now })
    .where('endpoint_id', '=', endpoint_id)
    .where('state', '=', 'pending')
    .execute()
  return []
}

type Staged = Pick<EventRow, 'id' | 'merchant' | 'created_at'>

/** Stages the deliveries in the transaction of the event, so that no event can be forgotten. */
export function staging(db: Database): (event: Staged) => Promise<void> {
  const staged = write(db, ({ id, merchant, created_at }: Staged) =>
    db
      .insertInto('webhook_deliveries')
      .columns(['event_id', 'endpoint_id', 'merchant', 'state', 'attempts', 'next_attempt_at', 'updated_at'])
      .expression(
        db
          .selectFrom('webhook_endpoints')
          .select((e) => [
            e.val(id).as('event_id'),
            'id as endpoint_id',
            'merchant',
            e.val('pending').as('state'),
            e.val(0).as('attempts'),
            e.val(created_at).as('next_attempt_at'),
            e.val(created_at).as('updated_at'),
          ])
          .where('merchant', '=', merchant)
          .where('disabled_at', 'is', null),
      ),
  )
  return ({ id, merchant, created_at }) => staged({ id, merchant, created_at })
}
