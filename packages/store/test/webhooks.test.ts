// Deliveries in the store: who may settle one, and what becomes of those for an endpoint that is disabled.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aDatabase, execute } from '../../../test/support/database.ts'
import type { Store } from '../src/index.ts'
import { aStore } from './a-store.ts'
import { anOrder, becomes, NOW, ordering, paid } from './builders.ts'

const LEASE = 60_000
const api = { source: 'api' } as const
let folder: string
let url: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-webhooks-'))
  url = await aDatabase(join(folder, 'webhooks.db'))
  store = await aStore(url)
  const secrets = { secret: 'whsec_x', secret_before: null, secret_before_until: null }
  const endpoint = { id: 'we_1', merchant: 'shop', url: 'https://x.example/', ...secrets, disabled_at: null, created_at: NOW }
  await store.transaction((tx) => tx.webhooks.insertEndpoint(endpoint))
  await pay('ORDER-0001')
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

async function pay(out_trade_no: string): Promise<void> {
  await store.transaction(async (tx) => {
    const order = anOrder({ out_trade_no })
    await tx.orders.insert(order, null, api)
    const begun = await tx.orders.record(order, becomes(order, ordering), api, NOW)
    await tx.orders.record(begun, becomes(begun, { ...paid, transaction_id: `T-${out_trade_no}` }, ['order.paid']), api, NOW)
  })
}
const claim = (now: number) =>
  store.transaction(async (tx) => {
    const taken = []
    for (const id of await tx.webhooks.waiting(now)) taken.push(...(await tx.webhooks.claim(id, 16, now)))
    return taken
  })

test('section E: the result of a claim whose lease ran out does not overwrite the claim of another, also while that one is still sending', async () => {
  const [stale] = await claim(NOW)
  const [fresh] = await claim(NOW + LEASE)
  expect([stale?.attempts, fresh?.attempts]).toEqual([1, 2])
  const settle = (attempts: number) =>
    store.transaction((tx) =>
      tx.webhooks.settle({
        event_id: fresh?.event.id ?? '',
        endpoint_id: 'we_1',
        attempts,
        outcome: { state: 'succeeded', next_attempt_at: null, disable: false },
        status: 200,
        error: null,
        now: NOW,
      }),
    )
  expect(await settle(1)).toBe(false)
  expect(await store.transaction((tx) => tx.webhooks.deliveries('shop', fresh?.event.id ?? ''))).toMatchObject([{ state: 'pending' }])
  expect(await settle(2)).toBe(true)
})

test('A4: what an endpoint was still owed is given up in the moment in which it is disabled, also what waits for its next attempt', async () => {
  const [waiting] = await claim(NOW)
  const deliveries = () => store.transaction((tx) => tx.webhooks.deliveries('shop', waiting?.event.id ?? ''))
  expect(await deliveries()).toMatchObject([{ state: 'pending', next_attempt_at: NOW + LEASE }])
  await store.transaction((tx) => tx.webhooks.disable('shop', 'we_1', NOW))
  expect(await deliveries()).toMatchObject([{ state: 'exhausted', next_attempt_at: null, last_error: 'the endpoint was disabled' }])
})

test('A4: nothing is staged for a disabled endpoint, and what a concurrent transaction staged is given up instead of sent', async () => {
  await store.transaction((tx) => tx.webhooks.disable('shop', 'we_1', NOW))
  await pay('ORDER-0002')
  const events = await store.transaction((tx) => tx.events.list('shop', { limit: 10 }))
  const [first = '', second = ''] = events.map(({ id }) => id)
  expect(await store.transaction((tx) => tx.webhooks.deliveries('shop', second))).toEqual([])
  await store.close()
  // As a transaction leaves it that read the endpoints before they changed.
  await execute(url, `UPDATE webhook_deliveries SET state = 'pending', next_attempt_at = ${NOW} WHERE event_id = '${first}'`)
  store = await aStore(url)
  expect(await claim(NOW)).toEqual([])
  expect(await store.transaction((tx) => tx.webhooks.deliveries('shop', first))).toMatchObject([
    { state: 'exhausted', next_attempt_at: null, last_error: 'the endpoint was disabled' },
  ])
})
