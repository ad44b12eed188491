// Every constraint and trigger of the schema refuses what it is there for, on both engines. On PostgreSQL each is also taken away alone:
// then the same statement goes through, so no other guard did its work. A guard that nobody wrote a violation for fails the last test.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDatabase, ENGINE, execute } from '../../../test/support/database.ts'
import { aStore } from './a-store.ts'
import { seed } from './seed.ts'

let folder: string
let url: string
const columns = new Map<string, string[]>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-guards-'))
  url = await aDatabase(join(folder, 'guards.db'))
  const store = await aStore(url)
  await seed(store)
  await store.close()
  for (const table of [
    'orders',
    'refunds',
    'events',
    'ledger',
    'order_history',
    'refund_history',
    'webhook_deliveries',
    'webhook_endpoints',
  ]) {
    const rows = await execute(
      url,
      ENGINE === 'sqlite'
        ? `SELECT name FROM pragma_table_info('${table}')`
        : `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '${table}' ORDER BY ordinal_position`,
    )
    columns.set(
      table,
      rows.map(({ name }) => String(name)),
    )
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

type Changes = Readonly<Record<string, string>>

/** Inserts a copy of one row with some columns changed. */
function copy(table: string, where: string, changes: Changes): string {
  const names = columns.get(table) ?? []
  const values = names.map((name) => changes[name] ?? name)
  return `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${table} WHERE ${where}`
}

/** An open order without anything special, changed. */
const order = (changes: Changes): string =>
  copy('orders', "out_trade_no = 'ORDER-0003'", { out_trade_no: "'COPY-0001'", reference: 'NULL', ...changes })
const refund = (changes: Changes): string => copy('refunds', "out_refund_no = 'R-1'", { out_refund_no: "'R-9'", ...changes })
const history = (changes: Changes): string =>
  copy('order_history', "out_trade_no = 'ORDER-0001' AND version = 1", { version: '9', ...changes })
const refundHistory = (changes: Changes): string =>
  copy('refund_history', "out_refund_no = 'R-2' AND version = 1", { version: '9', ...changes })
const ledger = (changes: Changes): string =>
  copy('ledger', "code = 'payment' AND subject = 'ORDER-0001'", { subject: "'COPY-0001'", ...changes })
const event = (where: string, changes: Changes): string => copy('events', where, changes)
const PAID_EVENT = "type = 'order.paid' AND out_trade_no = 'ORDER-0001'"
const twice = (sql: string): string => `${sql}; ${sql}`
const ready = { request: "'{}'" }

const review = (values: string): string => `INSERT INTO reviews VALUES (${values})`
const refusal = (op: string, signed = 1, times = 1, number = 'ORDER-0003'): string =>
  `INSERT INTO refusals VALUES ('shop', '${number}', '', '${op}', 400, 'X', 'x', NULL, NULL, ${signed}, NULL, ${times}, 1, 1)`
const incident = (id: string, subject = 'subject', state = 'open'): string =>
  `INSERT INTO incidents VALUES ('shop', 'kind', '${subject}', '{}', '${state}', 1, '${id}', NULL, NULL, NULL)`
const logged = "INSERT INTO audit_log VALUES (1, 1, 'x', 'x', 'shop', 'x', '{}', 'x', 'x')"
const billFile = (id: number, change: { kind?: string; state?: string; source?: string; sha1?: string } = {}): string => {
  const { kind = 'trade', state = 'loading', source = 'wechat', sha1 = 'NULL' } = change
  return `INSERT INTO bill_files VALUES (${id}, '1900000001', '2026-11-24', '${kind}', '${state}', '${source}', ${sha1}, 0, 0, ${sha1}, NULL, 1)`
}
const piece = (file: number): string => `INSERT INTO bill_pieces VALUES (${file}, 0, '')`
const billTrade = (file: number, kind = 'payment'): string =>
  `INSERT INTO bill_trades VALUES (${file}, 2, '${kind}', 1, 't', 'o', '', '', 'a', '', 'CNY', 1, 1, 0, '', 0, 6000)`
const billFund = (file: number, direction = 'in'): string =>
  `INSERT INTO bill_funds VALUES (${file}, 2, 1, 'b', 'f', 'x', 'x', '${direction}', 1, 1)`
const billDay = (state = 'clean'): string =>
  `INSERT INTO bill_days VALUES ('1900000001', '2026-11-24', '${state}', '{}', NULL, 0, 0, NULL, 1, 1)`
const difference = (id: string, subject = 'x', state = 'open'): string =>
  `INSERT INTO differences VALUES ('${id}', '1900000001', '2026-11-24', 'amount', '${subject}', NULL, 1, '{}', '${state}', NULL, NULL, NULL, NULL, NULL, 1, 1, 1, 1)`
const differenceHistory = (id: string): string => `INSERT INTO difference_history VALUES ('${id}', 1, 'none', 'open', 'machine', NULL, 1)`
const told = `${difference('dif_1')}; ${differenceHistory('dif_1')}`
const PAID = "UPDATE orders SET paid_total = 29, decision = 'accepted' WHERE out_trade_no = 'ORDER-0002'"

/** A10: TRUNCATE passes every trigger of rows. SQLite has no such statement. */
const TRUNCATED: Readonly<Record<string, () => string>> = Object.fromEntries(
  ['order_history', 'refund_history', 'ledger', 'audit_log', 'api_keys', 'difference_history'].map((table) => [
    `${table}_not_truncated`,
    () => `TRUNCATE ${table}`,
  ]),
)

const GUARDS: Readonly<Record<string, () => string>> = {
  ...(ENGINE === 'postgres' ? TRUNCATED : {}),
  orders_decision_check: () => order({ decision: "'perhaps'" }),
  orders_paid_total_check: () => order({ paid_total: '0' }),
  orders_decided: () => `${PAID}; UPDATE orders SET decision = 'rejected' WHERE out_trade_no = 'ORDER-0002'`,
  orders_refund_of_paid: () => `${PAID}; UPDATE orders SET refund_reserved = 30 WHERE out_trade_no = 'ORDER-0002'`,
  reviews_pkey: () => twice(review("'shop', 'ORDER-0003', 'accepted', 'x', 'a', 1, NULL, NULL")),
  reviews_merchant_out_trade_no_fkey: () => review("'shop', 'NONE-0001', 'accepted', 'x', 'a', 1, NULL, NULL"),
  reviews_decision_check: () => review("'shop', 'ORDER-0003', 'perhaps', 'x', 'a', 1, NULL, NULL"),
  reviews_four_eyes: () => review("'shop', 'ORDER-0003', 'accepted', 'x', 'a', 1, 'a', 2"),
  reviews_confirmed: () => review("'shop', 'ORDER-0003', 'accepted', 'x', 'a', 1, 'b', NULL"),
  audit_log_pkey: () => twice(logged),
  processes_pkey: () => twice("INSERT INTO processes VALUES ('one', 1)"),
  audit_log_fixed: () => `${logged}; UPDATE audit_log SET who = 'y'`,
  audit_log_stays: () => `${logged}; DELETE FROM audit_log`,
  events_merchant_out_trade_no_fkey: () => event(PAID_EVENT, { id: "'evt_z'", out_trade_no: "'NONE-0001'" }),
  events_pkey: () => event(PAID_EVENT, { type: "'other'" }),
  events_once_per_order: () => event(PAID_EVENT, { id: "'evt_z'" }),
  events_once_per_refund: () => event("type = 'refund.succeeded'", { id: "'evt_z'" }),
  incidents_state_check: () => incident('inc_1', 'subject', 'gone'),
  incidents_once: () => `${incident('inc_1')}; ${incident('inc_2')}`,
  incidents_id: () => `${incident('inc_1')}; ${incident('inc_1', 'another')}`,
  events_about: () => event(PAID_EVENT, { id: "'evt_z'", out_trade_no: 'NULL' }),
  events_once_per_incident: () => {
    const told = { out_trade_no: 'NULL', incident_id: "'inc_1'", type: "'incident.opened'" }
    return `${event(PAID_EVENT, { ...told, id: "'evt_y'" })}; ${event(PAID_EVENT, { ...told, id: "'evt_z'" })}`
  },
  refunds_source_check: () => refund({ source: "'rumour'" }),
  refunds_source_fixed: () => "UPDATE refunds SET source = 'console'",
  ledger_amount_check: () => ledger({ amount: '0' }),
  ledger_check: () => ledger({ debit: 'credit' }),
  ledger_code_check: () => ledger({ code: "'gift'" }),
  ledger_pkey: () => ledger({ subject: "'ORDER-0001'" }),
  ledger_fixed: () => 'UPDATE ledger SET amount = amount + 1',
  ledger_stays: () => 'DELETE FROM ledger',
  notifications_outcome_check: () => "INSERT INTO notifications VALUES ('shop', 'n', 'e', 'o', NULL, 'lost', 1)",
  notifications_pkey: () => twice("INSERT INTO notifications VALUES ('shop', 'n', 'e', 'o', NULL, 'ignored', 1)"),
  order_history_merchant_out_trade_no_fkey: () => history({ out_trade_no: "'NONE-0001'" }),
  order_history_pkey: () => history({ version: '1' }),
  order_history_source_check: () => history({ source: "'rumour'" }),
  order_history_version_check: () => history({ version: '0' }),
  order_history_fixed: () => "UPDATE order_history SET source = 'api'",
  order_history_stays: () => 'DELETE FROM order_history',
  orders_amount_currency_check: () => order({ amount_currency: "'USD'" }),
  orders_amount_total_check: () => order({ amount_total: '0' }),
  orders_attempts_check: () => order({ attempts: '-1' }),
  orders_check: () => order({ ...ready, state: "'paid'" }),
  orders_check1: () => order({ state: "'ordering'" }),
  orders_check2: () => order({ ...ready, state: "'pending'" }),
  orders_check3: () => order({ next_check_at: 'NULL' }),
  orders_check4: () => order({ refund_reserved: 'amount_total + 1' }),
  orders_check5: () => order({ refunded_total: '1' }),
  orders_claims_check: () => order({ claims: '-1' }),
  orders_late_check: () => order({ late: '2' }),
  orders_out_trade_no_check: () => order({ out_trade_no: "'ABC'" }),
  orders_pkey: () => order({ out_trade_no: "'ORDER-0003'", mchid: "'1900000009'" }),
  orders_refund_count_check: () => order({ refund_count: '51' }),
  orders_state_check: () => order({ ...ready, state: "'gone'" }),
  orders_version_check: () => order({ version: '0' }),
  orders_at_wechat: () => order({ out_trade_no: "'ORDER-0003'", merchant: "'other'" }),
  orders_idempotency: () => `${order({ idempotency_key: "'k'" })}; ${order({ idempotency_key: "'k'", out_trade_no: "'COPY-0002'" })}`,
  orders_one_open: () => `${order({ reference: "'cart'" })}; ${order({ reference: "'cart'", out_trade_no: "'COPY-0002'" })}`,
  orders_transaction: () => copy('orders', "out_trade_no = 'ORDER-0002'", { out_trade_no: "'COPY-0001'" }),
  orders_fixed: () => "UPDATE orders SET description = 'another'",
  orders_moves: () => "UPDATE orders SET state = 'closed', next_check_at = NULL WHERE out_trade_no = 'ORDER-0002'",
  orders_refund_paid: () => "UPDATE orders SET refund_reserved = 1 WHERE out_trade_no = 'ORDER-0003'",
  orders_stay: () => `${order({})}; DELETE FROM orders WHERE out_trade_no = 'COPY-0001'`,
  refund_history_merchant_out_refund_no_fkey: () => refundHistory({ out_refund_no: "'R-none'" }),
  refund_history_pkey: () => refundHistory({ version: '1' }),
  refund_history_source_check: () => refundHistory({ source: "'rumour'" }),
  refund_history_version_check: () => refundHistory({ version: '0' }),
  refund_history_fixed: () => "UPDATE refund_history SET source = 'api'",
  refund_history_stays: () => 'DELETE FROM refund_history',
  refunds_amount_check: () => refund({ amount: '0' }),
  refunds_attempts_check: () => refund({ attempts: '-1' }),
  refunds_check: () => refund({ state: "'succeeded'" }),
  refunds_check1: () => refund({ next_check_at: 'NULL' }),
  refunds_claims_check: () => refund({ claims: '-1' }),
  refunds_currency_check: () => refund({ currency: "'USD'" }),
  refunds_merchant_out_trade_no_fkey: () => refund({ out_trade_no: "'NONE-0001'" }),
  refunds_out_refund_no_check: () => refund({ out_refund_no: "''" }),
  refunds_pkey: () => refund({ out_refund_no: "'R-1'", mchid: "'1900000009'" }),
  refunds_state_check: () => refund({ state: "'gone'" }),
  refunds_version_check: () => refund({ version: '0' }),
  refunds_at_wechat: () =>
    `${order({ out_trade_no: "'ORDER-0001'", merchant: "'other'", mchid: "'1900000009'" })}; ${refund({ out_refund_no: "'R-1'", merchant: "'other'" })}`,
  refunds_refund_id: () => copy('refunds', "out_refund_no = 'R-2'", { out_refund_no: "'R-9'" }),
  refunds_fixed: () => 'UPDATE refunds SET amount = amount + 1',
  refunds_moves: () => "UPDATE refunds SET state = 'requested', next_check_at = 1 WHERE out_refund_no = 'R-2'",
  refunds_stay: () => `${refund({})}; DELETE FROM refunds WHERE out_refund_no = 'R-9'`,
  refusals_op_check: () => refusal('wave'),
  refusals_signed_check: () => refusal('place', 2),
  refusals_times_check: () => refusal('place', 1, 0),
  refusals_pkey: () => twice(refusal('place')),
  refusals_merchant_out_trade_no_fkey: () => refusal('place', 1, 1, 'NONE-0001'),
  refund_transitions_pkey: () => "INSERT INTO refund_transitions VALUES ('none', 'requested')",
  transitions_pkey: () => "INSERT INTO transitions VALUES ('none', 'created')",
  api_keys_pkey: () => `${apiKey('p', 'a')}; ${apiKey('p', 'b')}`,
  api_keys_key_hash_key: () => `${apiKey('p', 'a')}; ${apiKey('q', 'a')}`,
  api_keys_key_hash_check: () => apiKey('p', 'a').replace('aaaa', ''),
  api_keys_fixed: () => `${apiKey('p', 'a')}; UPDATE api_keys SET scopes = '["admin"]'`,
  api_keys_maker_fixed: () => `${apiKey('p', 'a')}; UPDATE api_keys SET expires_at = 2`,
  api_keys_stay: () => `${apiKey('p', 'a')}; DELETE FROM api_keys`,
  sessions_pkey: () => twice("INSERT INTO sessions VALUES ('h', 'wx', 'o', 1, 2)"),
  settings_pkey: () => twice("INSERT INTO settings VALUES ('name', 'value')"),
  webhook_deliveries_attempts_check: () => 'UPDATE webhook_deliveries SET attempts = -1',
  webhook_deliveries_check: () => "UPDATE webhook_deliveries SET state = 'succeeded'",
  webhook_deliveries_endpoint_id_fkey: () => "UPDATE webhook_deliveries SET endpoint_id = 'none'",
  webhook_deliveries_event_id_fkey: () =>
    copy('webhook_deliveries', `event_id = (SELECT id FROM events WHERE ${PAID_EVENT})`, { event_id: "'evt_none'" }),
  webhook_deliveries_pkey: () => copy('webhook_deliveries', '1 = 1', {}),
  webhook_deliveries_state_check: () => "UPDATE webhook_deliveries SET state = 'gone', next_attempt_at = NULL",
  webhook_endpoints_pkey: () => copy('webhook_endpoints', '1 = 1', {}),
  bill_files_pkey: () => twice(billFile(1)),
  bill_files_kind_check: () => billFile(1, { kind: 'other' }),
  bill_files_state_check: () => billFile(1, { state: 'gone' }),
  bill_files_source_check: () => billFile(1, { source: 'rumour' }),
  bill_files_check: () => billFile(1, { state: 'current' }),
  bill_files_current: () => [1, 2].map((id) => billFile(id, { state: 'current', sha1: "'x'" })).join('; '),
  bill_pieces_pkey: () => `${billFile(1)}; ${twice(piece(1))}`,
  bill_pieces_file_fkey: () => piece(9),
  bill_trades_pkey: () => `${billFile(1)}; ${twice(billTrade(1))}`,
  bill_trades_file_fkey: () => billTrade(9),
  bill_trades_kind_check: () => `${billFile(1)}; ${billTrade(1, 'gift')}`,
  bill_funds_pkey: () => `${billFile(1)}; ${twice(billFund(1))}`,
  bill_funds_file_fkey: () => billFund(9),
  bill_funds_direction_check: () => `${billFile(1)}; ${billFund(1, 'up')}`,
  bill_days_pkey: () => twice(billDay()),
  bill_days_state_check: () => billDay('gone'),
  differences_pkey: () => `${difference('dif_1')}; ${difference('dif_1', 'y')}`,
  differences_once: () => `${difference('dif_1')}; ${difference('dif_2')}`,
  differences_state_check: () => difference('dif_1', 'x', 'gone'),
  differences_check: () => difference('dif_1', 'x', 'resolved'),
  differences_check1: () => difference('dif_1', 'x', 'explained'),
  differences_check2: () => difference('dif_1', 'x', 'assigned'),
  difference_history_pkey: () => `${told}; ${differenceHistory('dif_1')}`,
  difference_history_id_fkey: () => differenceHistory('dif_9'),
  difference_history_fixed: () => `${told}; UPDATE difference_history SET actor = 'x'`,
  difference_history_stays: () => `${told}; DELETE FROM difference_history`,
}

function apiKey(prefix: string, hash: string): string {
  return `INSERT INTO api_keys VALUES ('${prefix}', '${hash.repeat(64)}', 'x', '["shop"]', '["read"]', 1, NULL, NULL, NULL, 'config:0')`
}

/** Runs it, and takes it back whatever became of it. */
async function tried(sql: string, before = ''): Promise<string> {
  if (ENGINE === 'sqlite') return triedOnSqlite(sql)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN')
    if (before !== '') await client.query(before)
    await client.query(sql)
    return 'went through'
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : error}`
  } finally {
    await client.end()
  }
}

async function triedOnSqlite(sql: string): Promise<string> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(url.slice('sqlite:'.length))
  try {
    database.exec(`PRAGMA foreign_keys = ON; BEGIN; ${sql}`)
    return 'went through'
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : error}`
  } finally {
    // Closing takes back what was not committed.
    database.close()
  }
}

describe('each refuses', () => {
  test.each(Object.keys(GUARDS))('%s', async (name) => {
    expect(await tried(GUARDS[name]?.() ?? '')).toMatch(/^refused: /)
  })
})

/** SQLite cannot drop a CHECK; its guards are the same ones, written once more. */
const alone = (): void => {
  test.each(Object.keys(GUARDS))('%s', async (name) => {
    const removal = `DO $$ DECLARE found text; BEGIN
      SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) INTO found FROM pg_constraint
        WHERE conname = '${name}' AND connamespace = current_schema()::regnamespace;
      IF found IS NULL THEN SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) INTO found FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
        WHERE tgname = '${name}' AND c.relnamespace = current_schema()::regnamespace; END IF;
      IF found IS NULL THEN found := 'DROP INDEX ${name}'; END IF;
      EXECUTE found; END $$`
    expect(await tried(GUARDS[name]?.() ?? '', removal)).toBe('went through')
  })

  test('every guard of the schema is among them', async () => {
    const there = await execute(
      url,
      `SELECT conname AS name FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype IN ('c', 'f', 'p', 'u')
        UNION SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace AND i.indisunique
          AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
        UNION SELECT tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace`,
    )
    // The migrations' own table carries no promise about money.
    const names = there.map(({ name }) => String(name)).filter((name) => name !== 'migrations_pkey')
    expect(names.sort()).toEqual(Object.keys(GUARDS).sort())
  })
}
if (ENGINE === 'postgres') describe('without it, what it refused goes through', alone)
