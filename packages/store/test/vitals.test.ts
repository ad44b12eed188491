// What is open, counted; and never by looking at what is closed.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aDatabase, ENGINE, execute } from '../../../test/support/database.ts'
import { QUESTIONS } from '../src/sql/vitals.ts'
import { aStore } from './a-store.ts'
import { anOrder, becomes, NOW, ordering, paid, pending } from './builders.ts'
import { seed } from './seed.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-vitals-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const HOUR = 3_600_000

test('what is open is counted, with its age; what is closed is not', async () => {
  const store = await aStore()
  const walk = (out_trade_no: string, steps: readonly object[]) =>
    store.transaction(async (tx) => {
      await tx.orders.insert(anOrder({ out_trade_no }), null, { source: 'api' })
      for (const step of steps) {
        const order = await tx.orders.lock('shop', out_trade_no)
        if (order) await tx.orders.record(order, becomes(order, step, 'paid_at' in step ? ['order.paid'] : []), { source: 'api' }, NOW)
      }
    })
  await store.transaction((tx) =>
    tx.webhooks.insertEndpoint({
      id: 'we_1',
      merchant: 'shop',
      url: 'https://shop.example',
      secret: 's',
      secret_before: null,
      secret_before_until: null,
      disabled_at: null,
      created_at: NOW,
    }),
  )
  await walk('ORDER-0001', [])
  await walk('ORDER-0002', [ordering])
  await walk('ORDER-0003', [ordering, pending])
  await walk('ORDER-0004', [ordering, pending, paid])
  await store.transaction((tx) => tx.incidents.open({ merchant: 'shop', kind: 'orphan_payment', subject: 'X', detail: {}, now: NOW }))

  const open = await store.vitals(NOW + HOUR)
  expect(open).toMatchObject({
    orders: [{ state: 'ordering', count: 1, oldest: NOW }],
    refunds: [],
    stuck: 0,
    undelivered_since: NOW,
    exhausted: 0,
    incidents: [{ kind: 'orphan_payment', count: 1 }],
  })
  expect(open.due.map(({ queue, count }) => [queue, count])).toEqual([
    ['orders', 3],
    ['refunds', 0],
    // Of the payment and of the incident.
    ['events', 2],
  ])
  const [order] = await store.transaction((tx) => tx.orders.claim(NOW + HOUR, 1))
  expect(order).toBeDefined()
  expect((await store.vitals(NOW + HOUR)).due[0]).toMatchObject({ count: 2 })
  await store.close()
})

test('a row that was taken up nine times for nothing is stuck', async () => {
  const store = await aStore()
  await store.transaction((tx) => tx.orders.insert(anOrder(), null, { source: 'api' }))
  let now = NOW + HOUR
  for (let n = 0; n < 8; n++) {
    await store.transaction((tx) => tx.orders.claim(now, 1))
    now += HOUR
  }
  expect((await store.vitals(now)).stuck).toBe(0)
  await store.transaction((tx) => tx.orders.claim(now, 1))
  expect((await store.vitals(now)).stuck).toBe(1)
  await store.close()
})

test.each(Object.entries(QUESTIONS))('%s reads an index of open rows, and no table from end to end', async (name, question) => {
  const url = await aDatabase(join(folder, 'plan.db'))
  const store = await aStore(url)
  await seed(store)
  await store.close()
  const whole = `${question}${question.endsWith('<=') ? ' 1' : ''}`
  if (ENGINE === 'sqlite') {
    const plan = plansOf(url, `EXPLAIN QUERY PLAN ${whole}`)
    for (const line of plan.filter((one) => /SCAN|SEARCH/.test(one))) expect(line).toMatch(/USING (COVERING )?INDEX/)
    // The primary key of `events` is a look-up of one row.
    if (name !== 'undelivered') expect(plan.join()).toContain('COVERING INDEX')
    return
  }
  const plan = await execute(url, `SET enable_seqscan = off; EXPLAIN ${whole}`)
  expect(JSON.stringify(plan)).not.toContain('Seq Scan')
})

function plansOf(url: string, sql: string): string[] {
  const database = new DatabaseSync(url.slice('sqlite:'.length))
  const rows = database.prepare(sql).all()
  database.close()
  return rows.map((row) => String(row['detail']))
}
