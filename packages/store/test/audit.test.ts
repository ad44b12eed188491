// Every check finds the corruption it is there for, and says nothing about sound data. The corruption is made past the guards, as a bug or a hand could.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aDatabase, execute, withoutGuards } from '../../../test/support/database.ts'
import { CHECKS } from '../src/index.ts'
import { aStore } from './a-store.ts'
import { NOW } from './builders.ts'
import { seed } from './seed.ts'

let folder: string
let url: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-audit-'))
  url = await aDatabase(join(folder, 'audit.db'))
  const store = await aStore(url)
  await seed(store)
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
    `DROP INDEX events_once_per_order; INSERT INTO events SELECT 'evt_x', merchant, type, out_trade_no, version, data, created_at, out_refund_no, NULL FROM events WHERE type = 'order.paid' AND out_trade_no = 'ORDER-0001'`,
  ],
  ['A14', 'SELECT 1', NOW + 365 * 86_400_000],
  ['A15', 'SELECT 1', NOW + 1],
  ['A16', 'SELECT 1', NOW + 1],
  ['A18', `UPDATE ledger SET amount = 99 WHERE code = 'payment' AND subject = 'ORDER-0001'`],
  [
    'A20',
    `UPDATE order_history SET to_state = 'failed' WHERE ${where} AND version = 2; UPDATE order_history SET from_state = 'failed' WHERE ${where} AND version = 3`,
  ],
  ['A24', `UPDATE orders SET next_check_at = 4000000000000 WHERE out_trade_no = 'ORDER-0003'`],
  ['A23', `INSERT INTO incidents VALUES ('shop', 'stuck', 'X', '{}', 'open', 1, 'inc_1', NULL, NULL, NULL)`],
  ['A22', `UPDATE orders SET reference = 'ORDER-0001' WHERE out_trade_no = 'ORDER-0002'`],
]

test.each(CORRUPTIONS)('%s is found', async (check, sql, cutoff) => {
  await corrupt(sql)
  expect(await found(cutoff)).toContain(check)
})

const act = (n: number) => ({
  at: NOW + n,
  who: 'config:0a1b2c3d',
  act: 'order.close',
  merchant: 'shop',
  subject: `ORDER-000${n}`,
  detail: { n },
})

describe('J6: A21, the log of operators', () => {
  beforeEach(async () => {
    const store = await aStore(url)
    for (let n = 1; n <= 4; n++) await store.transaction((tx) => tx.auditLog.append(act(n)))
    expect(await store.audit(NOW)).toEqual([])
    await store.close()
  })

  test.each([
    ['an act edited', "UPDATE audit_log SET subject = 'ORDER-0009' WHERE seq = 2"],
    ['somebody else put in', "UPDATE audit_log SET who = 'config:99999999' WHERE seq = 4"],
    ['another time', 'UPDATE audit_log SET at = at + 1 WHERE seq = 3'],
    ['a detail edited', `UPDATE audit_log SET detail = '{"n":7}' WHERE seq = 1`],
    ['the first row taken out', 'DELETE FROM audit_log WHERE seq = 1'],
    ['a row taken out, the others moved up', 'DELETE FROM audit_log WHERE seq = 2; UPDATE audit_log SET seq = seq - 1 WHERE seq > 2'],
    [
      'two rows changed about',
      'UPDATE audit_log SET seq = 9 WHERE seq = 2; UPDATE audit_log SET seq = 2 WHERE seq = 3; UPDATE audit_log SET seq = 3 WHERE seq = 9',
    ],
    ['a row made up', 'INSERT INTO audit_log SELECT 5, at, who, act, merchant, subject, detail, hash, hash FROM audit_log WHERE seq = 4'],
  ])('%s is found', async (_, sql) => {
    await corrupt(sql)
    expect(await found()).toEqual(['A21'])
  })
})

test('every check has its corruption', () => {
  expect(CORRUPTIONS.map(([check]) => check).sort()).toEqual(CHECKS.map((check) => check.name.slice(0, 3)).sort())
})
