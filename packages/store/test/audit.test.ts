// Every check finds the corruption it is there for, and says nothing about sound data. The corruption is made past the guards, as a bug or a hand could.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aDatabase, execute, withoutGuards } from '../../../test/support/database.ts'
import { CHECKS } from '../src/index.ts'
import { aStore } from './a-store.ts'
import { anOrder, becomes, NOW, ordering, paid } from './builders.ts'

let folder: string
let url: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-audit-'))
  url = await aDatabase(join(folder, 'audit.db'))
  const store = await aStore(url)
  const api = { source: 'api' } as const
  await store.transaction(async (tx) => {
    await tx.webhooks.insertEndpoint({
      id: 'we',
      merchant: 'shop',
      url: 'https://x',
      secret: 's',
      secret_before: null,
      secret_before_until: null,
      disabled_at: null,
      created_at: NOW,
    })
    for (const out_trade_no of ['ORDER-0001', 'ORDER-0002']) {
      const placed = anOrder({ out_trade_no, reference: out_trade_no })
      await tx.orders.insert(placed, null, api)
      const one = await tx.orders.record(placed, becomes(placed, ordering), api, NOW)
      await tx.orders.record(one, becomes(one, { ...paid, transaction_id: `T-${out_trade_no}` }, ['order.paid']), api, NOW)
    }
    await tx.orders.insert(anOrder({ out_trade_no: 'ORDER-0003' }), null, api)
    const base = {
      merchant: 'shop',
      out_trade_no: 'ORDER-0001',
      currency: 'CNY',
      reason: null,
      version: 1,
      request: '{}',
      attempts: 0,
      refund_id: null,
      succeeded_at: null,
      received_account: null,
      failure: null,
      next_check_at: NOW,
      created_at: NOW,
      updated_at: NOW,
      state: 'requested',
    } as const
    await tx.refunds.insert({ ...base, out_refund_no: 'R-1', amount: 10 }, '1900000001', api)
    await tx.refunds.insert({ ...base, out_refund_no: 'R-2', amount: 20 }, '1900000001', api)
    const refund = await tx.refunds.lock('shop', 'R-2')
    if (refund)
      await tx.refunds.record(
        refund,
        {
          refund: { ...refund, state: 'succeeded', refund_id: '5', succeeded_at: NOW, next_check_at: null },
          events: ['refund.succeeded'],
          incidents: [],
        },
        api,
        NOW,
      )
  })
  await store.close()
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Past triggers and constraints. */
async function corrupt(sql: string): Promise<void> {
  await withoutGuards(url)
  await execute(url, sql)
}

const found = async (cutoff = NOW): Promise<string[]> => {
  const store = await aStore(url)
  const violations = await store.audit(cutoff)
  await store.close()
  return [...new Set(violations.map((violation) => violation.check.slice(0, 3)))].sort()
}

test('sound data breaks no promise', async () => {
  expect(await found()).toEqual([])
})

const where = "merchant = 'shop' AND out_trade_no = 'ORDER-0001'"
const CORRUPTIONS: readonly [string, string, number?][] = [
  ['A01', `UPDATE orders SET state = 'closed' WHERE merchant = 'shop' AND out_trade_no = 'ORDER-0003'`],
  ['A02', `DELETE FROM order_history WHERE ${where} AND version = 2`],
  ['A03', `UPDATE order_history SET from_state = 'closing' WHERE ${where} AND version = 3`],
  ['A04', `UPDATE order_history SET from_state = 'created', to_state = 'pending' WHERE ${where} AND version = 2`],
  ['A05', `DELETE FROM ledger WHERE code = 'payment' AND subject = 'ORDER-0001'`],
  ['A06', `UPDATE ledger SET amount = 21 WHERE code = 'refund'`],
  ['A07', `UPDATE orders SET refund_reserved = 29 WHERE ${where}`],
  ['A08', `UPDATE orders SET state = 'review' WHERE ${where}`],
  ['A09', `INSERT INTO notifications VALUES ('shop','n1','TRANSACTION.SUCCESS','transaction','ORDER-0003','observed',1)`],
  ['A10', `UPDATE orders SET state = 'review' WHERE merchant = 'shop' AND out_trade_no = 'ORDER-0002'`],
  ['A12', `DELETE FROM webhook_deliveries; DELETE FROM events WHERE type = 'order.paid' AND out_trade_no = 'ORDER-0001'`],
  [
    'A13',
    `DROP INDEX events_once_per_order; INSERT INTO events SELECT 'evt_x', merchant, type, out_trade_no, version, data, created_at, out_refund_no FROM events WHERE type = 'order.paid' AND out_trade_no = 'ORDER-0001'`,
  ],
  ['A14', 'SELECT 1', NOW + 365 * 86_400_000],
  ['A15', 'SELECT 1', NOW + 1],
  ['A16', 'SELECT 1', NOW + 1],
  ['A18', `UPDATE ledger SET amount = 99 WHERE code = 'payment' AND subject = 'ORDER-0001'`],
  [
    'A20',
    `UPDATE order_history SET to_state = 'failed' WHERE ${where} AND version = 2; UPDATE order_history SET from_state = 'failed' WHERE ${where} AND version = 3`,
  ],
  ['A22', `UPDATE orders SET reference = 'ORDER-0001' WHERE out_trade_no = 'ORDER-0002'`],
]

test.each(CORRUPTIONS)('%s is found', async (check, sql, cutoff) => {
  await corrupt(sql)
  expect(await found(cutoff)).toContain(check)
})

test('every check has its corruption', () => {
  expect(CORRUPTIONS.map(([check]) => check).sort()).toEqual(CHECKS.map((check) => check.name.slice(0, 3)).sort())
})
