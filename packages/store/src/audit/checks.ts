// The checks of the audit: read-only queries that return a row for every broken
// promise. They are SQL only, so that they test the data independently of our code.

import { HORIZONS } from '../sql/schedule.ts'

export interface Check {
  name: string
  /** The promise that is broken when the query returns a row. */
  promise: string
  /** `:cutoff` is the time (epoch ms) before which nothing may still be waiting; `:now` is the current time. */
  sql: string
}

export const CHECKS: readonly Check[] = [
  {
    name: 'A01_state_is_the_last_history',
    promise: 'the state of an order or refund is where its history ends',
    sql: `SELECT o.merchant, o.out_trade_no AS subject FROM orders o WHERE o.state <> COALESCE((SELECT h.to_state FROM order_history h
            WHERE h.merchant = o.merchant AND h.out_trade_no = o.out_trade_no ORDER BY h.version DESC LIMIT 1), 'none')
          UNION ALL SELECT r.merchant, r.out_refund_no FROM refunds r WHERE r.state <> COALESCE((SELECT h.to_state FROM refund_history h
            WHERE h.merchant = r.merchant AND h.out_refund_no = r.out_refund_no ORDER BY h.version DESC LIMIT 1), 'none')`,
  },
  {
    name: 'A02_history_has_no_gap',
    promise: 'history is numbered 1, 2, 3 … up to the version of its row',
    sql: `SELECT o.merchant, o.out_trade_no AS subject FROM orders o LEFT JOIN order_history h ON h.merchant = o.merchant AND h.out_trade_no = o.out_trade_no
            GROUP BY o.merchant, o.out_trade_no, o.version HAVING MIN(h.version) IS DISTINCT FROM 1 OR MAX(h.version) IS DISTINCT FROM o.version OR COUNT(h.version) <> o.version
          UNION ALL SELECT r.merchant, r.out_refund_no FROM refunds r LEFT JOIN refund_history h ON h.merchant = r.merchant AND h.out_refund_no = r.out_refund_no
            GROUP BY r.merchant, r.out_refund_no, r.version HAVING MIN(h.version) IS DISTINCT FROM 1 OR MAX(h.version) IS DISTINCT FROM r.version OR COUNT(h.version) <> r.version`,
  },
  {
    name: 'A03_history_is_a_chain',
    promise: 'each step begins where the one before ended',
    sql: `SELECT b.merchant, b.out_trade_no AS subject FROM order_history a JOIN order_history b ON b.merchant = a.merchant AND b.out_trade_no = a.out_trade_no
            AND b.version = a.version + 1 WHERE b.from_state <> a.to_state
          UNION ALL SELECT b.merchant, b.out_refund_no FROM refund_history a JOIN refund_history b ON b.merchant = a.merchant AND b.out_refund_no = a.out_refund_no
            AND b.version = a.version + 1 WHERE b.from_state <> a.to_state`,
  },
  {
    name: 'A04_only_legal_moves',
    promise: 'every step is a move that the table of transitions allows',
    sql: `SELECT h.merchant, h.out_trade_no AS subject FROM order_history h LEFT JOIN transitions t ON t.from_state = h.from_state AND t.to_state = h.to_state
            WHERE t.to_state IS NULL AND h.from_state <> h.to_state
          UNION ALL SELECT h.merchant, h.out_refund_no FROM refund_history h LEFT JOIN refund_transitions t ON t.from_state = h.from_state AND t.to_state = h.to_state
            WHERE t.to_state IS NULL AND h.from_state <> h.to_state`,
  },
  {
    name: 'A05_payment_posted_once',
    promise: 'a paid order has one payment of what was paid in the ledger, any other has none',
    sql: `SELECT o.merchant, o.out_trade_no AS subject FROM orders o LEFT JOIN ledger l ON l.merchant = o.merchant AND l.code = 'payment' AND l.subject = o.out_trade_no
            WHERE (o.state = 'paid') <> (l.subject IS NOT NULL) OR (l.subject IS NOT NULL AND l.amount <> COALESCE(o.paid_total, o.amount_total))`,
  },
  {
    name: 'A06_refund_posted_once',
    promise: 'a succeeded refund has one posting of its amount in the ledger, any other has none',
    sql: `SELECT r.merchant, r.out_refund_no AS subject FROM refunds r LEFT JOIN ledger l ON l.merchant = r.merchant AND l.code = 'refund' AND l.subject = r.out_refund_no
            WHERE (r.state = 'succeeded') <> (l.subject IS NOT NULL) OR (l.subject IS NOT NULL AND l.amount <> r.amount)`,
  },
  {
    name: 'A07_sums_are_the_refunds',
    promise: 'what an order holds and has given back is the sum of its refunds',
    sql: `SELECT o.merchant, o.out_trade_no AS subject FROM orders o LEFT JOIN (SELECT merchant, out_trade_no,
              SUM(CASE WHEN state IN ('requested','processing','abnormal','succeeded') THEN amount ELSE 0 END) AS held,
              SUM(CASE WHEN state = 'succeeded' THEN amount ELSE 0 END) AS done, COUNT(*) AS n FROM refunds GROUP BY merchant, out_trade_no) s
            ON s.merchant = o.merchant AND s.out_trade_no = o.out_trade_no
            WHERE o.refund_reserved <> COALESCE(s.held, 0) OR o.refunded_total <> COALESCE(s.done, 0) OR o.refund_count <> COALESCE(s.n, 0)`,
  },
  {
    name: 'A08_refund_of_a_paid_order',
    promise: 'only paid orders have refunds',
    sql: `SELECT r.merchant, r.out_refund_no AS subject FROM refunds r JOIN orders o ON o.merchant = r.merchant AND o.out_trade_no = r.out_trade_no WHERE o.state <> 'paid'`,
  },
  {
    name: 'A09_verified_success_is_reflected',
    promise: 'an order that WeChat said is paid is paid, or a person is looking at it, or two have rejected it',
    sql: `SELECT n.merchant, n.out_trade_no AS subject FROM notifications n JOIN orders o ON o.merchant = n.merchant AND o.out_trade_no = n.out_trade_no
            WHERE n.event_type = 'TRANSACTION.SUCCESS' AND n.original_type = 'transaction' AND n.outcome = 'observed' AND o.state NOT IN ('paid','review')
            AND o.decision IS DISTINCT FROM 'rejected'`,
  },
  {
    name: 'A10_review_has_an_incident',
    promise: 'an order in review was shown to a person',
    sql: `SELECT o.merchant, o.out_trade_no AS subject FROM orders o WHERE o.state = 'review'
            AND NOT EXISTS (SELECT 1 FROM incidents i WHERE i.merchant = o.merchant AND i.kind = 'payment_mismatch' AND i.subject = o.out_trade_no)`,
  },
  {
    name: 'A12_paid_was_told',
    promise: 'a paid order has its event, a succeeded refund too',
    sql: `SELECT o.merchant, o.out_trade_no AS subject FROM orders o WHERE o.state = 'paid'
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.merchant = o.merchant AND e.out_trade_no = o.out_trade_no AND e.type = 'order.paid' AND e.out_refund_no IS NULL)
          UNION ALL SELECT r.merchant, r.out_refund_no FROM refunds r WHERE r.state = 'succeeded'
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.merchant = r.merchant AND e.out_refund_no = r.out_refund_no AND e.type = 'refund.succeeded')`,
  },
  {
    name: 'A13_told_once',
    promise: 'no fact has two events',
    sql: `SELECT merchant, COALESCE(out_refund_no, out_trade_no) AS subject FROM events WHERE incident_id IS NULL GROUP BY merchant, out_trade_no, out_refund_no, type HAVING COUNT(*) > 1`,
  },
  {
    name: 'A23_incident_was_told',
    promise: 'an incident has its event, and so has its end',
    // Incidents from before there were incident events have ids that begin with 0.
    sql: `SELECT i.merchant, i.subject FROM incidents i WHERE i.id NOT LIKE 'inc_0%' AND (
            NOT EXISTS (SELECT 1 FROM events e WHERE e.incident_id = i.id AND e.type = 'incident.opened')
            OR (i.state = 'resolved' AND NOT EXISTS (SELECT 1 FROM events e WHERE e.incident_id = i.id AND e.type = 'incident.resolved')))`,
  },
  {
    name: 'A14_no_order_forgotten',
    promise: 'no open order waits for longer than its next look',
    sql: `SELECT merchant, out_trade_no AS subject FROM orders WHERE state IN ('created','ordering','pending','closing') AND next_check_at < :cutoff`,
  },
  {
    name: 'A15_no_refund_forgotten',
    promise: 'no open refund waits for longer than its next look',
    sql: `SELECT merchant, out_refund_no AS subject FROM refunds WHERE state IN ('requested','processing') AND next_check_at < :cutoff`,
  },
  {
    name: 'A24_nothing_planned_too_far',
    promise: 'no look is planned further ahead than the longest pause: a clock that was ahead would have done that',
    sql: `SELECT merchant, out_trade_no AS subject FROM orders WHERE next_check_at > :now + ${HORIZONS.orders} AND state <> 'review'
          UNION ALL SELECT merchant, out_refund_no FROM refunds WHERE next_check_at > :now + ${HORIZONS.refunds}
          UNION ALL SELECT merchant, event_id FROM webhook_deliveries WHERE next_attempt_at > :now + ${HORIZONS.deliveries}`,
  },
  {
    name: 'A16_no_delivery_forgotten',
    promise: 'no event waits for longer than its next attempt, except for a receiver that is down and was tried in the last half hour',
    sql: `SELECT d.merchant, d.event_id AS subject FROM webhook_deliveries d WHERE d.state = 'pending' AND d.next_attempt_at < :cutoff
            AND NOT EXISTS (SELECT 1 FROM webhook_deliveries t WHERE t.endpoint_id = d.endpoint_id AND t.state = 'pending' AND t.attempts > 0
              AND t.updated_at >= :cutoff - 1800000)`,
  },
  {
    name: 'A18_ledger_balances',
    promise: 'the ledger sums to what orders say: paid less refunded',
    sql: `SELECT merchant, merchant AS subject FROM (SELECT o.merchant, SUM(CASE WHEN o.state = 'paid' THEN COALESCE(o.paid_total, o.amount_total) - o.refunded_total ELSE 0 END) AS ours,
              (SELECT COALESCE(SUM(CASE l.code WHEN 'payment' THEN l.amount ELSE -l.amount END), 0) FROM ledger l WHERE l.merchant = o.merchant) AS posted
            FROM orders o GROUP BY o.merchant) x WHERE x.ours <> x.posted`,
  },
  {
    name: 'A20_late_payment_is_marked',
    promise: 'an order that was paid after it had been given up says so',
    sql: `SELECT o.merchant, o.out_trade_no AS subject FROM orders o WHERE o.state = 'paid' AND o.late = 0 AND EXISTS (SELECT 1 FROM order_history h
            WHERE h.merchant = o.merchant AND h.out_trade_no = o.out_trade_no AND h.to_state IN ('closed','failed'))`,
  },
  {
    name: 'A22_double_payment_is_shown',
    promise: 'a reference that was paid twice was shown to a person',
    sql: `SELECT x.merchant, x.reference AS subject FROM (SELECT merchant, reference, COUNT(*) AS n FROM orders WHERE state = 'paid' AND reference IS NOT NULL
              GROUP BY merchant, reference) x WHERE x.n > 1
            AND NOT EXISTS (SELECT 1 FROM incidents i WHERE i.merchant = x.merchant AND i.kind = 'double_payment' AND i.subject = x.reference)`,
  },
]
