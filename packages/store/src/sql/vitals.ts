// Counts of open rows for metrics. Each query uses a partial index of open rows (migration 0007), so it must repeat the index's condition exactly.

import { type Kysely, sql } from 'kysely'
import type { Vitals } from '../port/store.ts'
import type { Tables } from '../schema.ts'

/** To a query that ends in `<=` the current time is appended. */
export const QUESTIONS = {
  orders: `SELECT state, COUNT(*) AS count, MIN(updated_at) AS oldest FROM orders WHERE state IN ('ordering','closing','review') GROUP BY state`,
  refunds: `SELECT state, COUNT(*) AS count, MIN(updated_at) AS oldest, SUM(amount) AS amount FROM refunds
    WHERE state IN ('requested','processing','abnormal') GROUP BY state`,
  dueOrders: 'SELECT COUNT(*) AS count, MIN(next_check_at) AS oldest FROM orders WHERE next_check_at <=',
  dueRefunds: 'SELECT COUNT(*) AS count, MIN(next_check_at) AS oldest FROM refunds WHERE next_check_at <=',
  dueEvents: 'SELECT COUNT(*) AS count, MIN(next_attempt_at) AS oldest FROM webhook_deliveries WHERE next_attempt_at <=',
  stuckOrders: 'SELECT COUNT(*) AS count FROM orders WHERE claims >= 9',
  stuckRefunds: 'SELECT COUNT(*) AS count FROM refunds WHERE claims >= 9',
  undelivered:
    'SELECT created_at AS since FROM events WHERE id = (SELECT MIN(event_id) FROM webhook_deliveries WHERE next_attempt_at IS NOT NULL)',
  exhausted: `SELECT COUNT(*) AS count FROM webhook_deliveries WHERE state = 'exhausted'`,
  incidents: `SELECT kind, COUNT(*) AS count FROM incidents WHERE state = 'open' GROUP BY kind ORDER BY kind`,
} as const

/** Call it inside a transaction with a single snapshot. */
export async function vitals(db: Kysely<Tables>, now: number): Promise<Vitals> {
  const ask = async <Row>(question: string): Promise<Row[]> => (await sql.raw<Row>(question).execute(db)).rows
  const count = async (question: string): Promise<number> => (await ask<{ count: number }>(question))[0]?.count ?? 0
  const due = async (queue: Vitals['due'][number]['queue'], question: string): Promise<Vitals['due'][number]> => {
    const { rows } = await sql<{ count: number; oldest: number | null }>`${sql.raw(question)} ${now}`.execute(db)
    return { queue, count: rows[0]?.count ?? 0, oldest: rows[0]?.oldest ?? null }
  }
  return {
    orders: await ask(QUESTIONS.orders),
    refunds: await ask(QUESTIONS.refunds),
    due: [await due('orders', QUESTIONS.dueOrders), await due('refunds', QUESTIONS.dueRefunds), await due('events', QUESTIONS.dueEvents)],
    stuck: (await count(QUESTIONS.stuckOrders)) + (await count(QUESTIONS.stuckRefunds)),
    undelivered_since: (await ask<{ since: number }>(QUESTIONS.undelivered))[0]?.since ?? null,
    exhausted: await count(QUESTIONS.exhausted),
    incidents: await ask(QUESTIONS.incidents),
  }
}
