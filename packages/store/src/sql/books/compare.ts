// The comparisons, as joins over a slice of a file: short enough that on SQLite, where a statement occupies the process, requests go on beside them.
// Each gives only what is odd; the domain says what it is. CROSS JOIN fixes the order of the tables: without statistics SQLite would begin with all orders or
// all lines of a file instead of the few rows that the index gives.

import type { Finding, PaymentPair, RefundPair } from '@cashdesk/domain'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Books, FeeCount, FundRow, Slice } from '../../port/books.ts'
import type { Tables } from '../../schema.ts'

type Comparisons = Pick<
  Books,
  | 'oddPayments'
  | 'oddRefunds'
  | 'feesOf'
  | 'feeReturns'
  | 'ratesBefore'
  | 'missingPayments'
  | 'missingRefunds'
  | 'doublePayments'
  | 'oddFunds'
  | 'extraFunds'
>

const within = (file: number, { from, to }: Slice): RawBuilder<unknown> => sql`t.file = ${file} AND t.line BETWEEN ${from} AND ${to}`

/** The same rounding as `feeOf` of the domain: half up to a fen, in thousandths. */
const EXPECTED_FEE = sql`((t.settlement_total * t.rate_ppm + 500000) / 1000000 * 1000)`
/** Thousandths of a fen, rounded half up to fen; fees of refunds are negative. */
const FEE_FEN = sql`((CASE WHEN t.fee_millifen < 0 THEN -t.fee_millifen ELSE t.fee_millifen END + 500) / 1000)`

export function comparisons(db: Kysely<Tables>): Comparisons {
  const rowsOf = async <Row>(query: RawBuilder<Row>): Promise<Row[]> => (await query.execute(db)).rows
  return {
    oddPayments: (file, slice) =>
      rowsOf(sql<PaymentPair>`
        SELECT t.out_trade_no, t.transaction_id, t.total, t.currency, t.appid, t.sub_mchid, o.merchant, o.state,
          coalesce(o.paid_total, o.amount_total) AS our_total, o.amount_currency AS our_currency, o.transaction_id AS our_transaction_id,
          o.appid AS our_appid, o.sub_mchid AS our_sub_mchid
        FROM bill_trades t JOIN bill_files f ON f.id = t.file
        LEFT JOIN orders o ON o.mchid = f.mchid AND o.out_trade_no = t.out_trade_no
        WHERE ${within(file, slice)} AND t.kind = 'payment' AND (o.state IS NULL OR o.state <> 'paid'
          OR coalesce(o.paid_total, o.amount_total) <> t.total OR o.transaction_id <> t.transaction_id OR o.amount_currency <> t.currency
          OR coalesce(o.sub_mchid, '') <> t.sub_mchid OR (o.sub_mchid IS NULL AND o.appid <> t.appid))
        ORDER BY t.line`),
    oddRefunds: (file, slice) =>
      rowsOf(sql<RefundPair>`
        SELECT t.out_refund_no, t.refund_id, t.out_trade_no, t.refund, t.refund_status, r.merchant, r.state, r.amount AS our_refund
        FROM bill_trades t JOIN bill_files f ON f.id = t.file
        LEFT JOIN refunds r ON r.mchid = f.mchid AND r.out_refund_no = t.out_refund_no
        WHERE ${within(file, slice)} AND t.kind = 'refund' AND (r.state IS NULL OR r.amount <> t.refund OR (t.refund_status = 'SUCCESS' AND r.state <> 'succeeded')
          OR (t.refund_status = 'FAIL' AND r.state = 'succeeded') OR r.state = 'rejected')
        ORDER BY t.line`),
    feesOf: (file, slice) =>
      rowsOf(sql<FeeCount>`
        SELECT t.rate_ppm, count(*) AS count, sum(t.fee_millifen) AS fee,
          sum(CASE WHEN abs(t.fee_millifen - ${EXPECTED_FEE}) > 1000 THEN 1 ELSE 0 END) AS wrong,
          sum(CASE WHEN abs(t.fee_millifen - ${EXPECTED_FEE}) > 1000 THEN t.fee_millifen - ${EXPECTED_FEE} ELSE 0 END) AS off
        FROM bill_trades t WHERE ${within(file, slice)} AND t.kind = 'payment' GROUP BY t.rate_ppm`),
    async feeReturns(file, slice) {
      const rows = await rowsOf(sql<{ transaction_id: string; merchant: string | null; taken: number; returned: number }>`
        SELECT t.transaction_id, min(r.merchant) AS merchant, p.fee_millifen AS taken,
          (SELECT -sum(b.fee_millifen) FROM bill_trades b CROSS JOIN bill_files bf
            WHERE bf.id = b.file AND bf.state = 'current' AND b.transaction_id = t.transaction_id AND b.kind = 'refund') AS returned
        FROM bill_trades t CROSS JOIN bill_files f CROSS JOIN bill_trades p CROSS JOIN bill_files pf
        LEFT JOIN refunds r ON r.mchid = f.mchid AND r.out_refund_no = t.out_refund_no
        WHERE ${within(file, slice)} AND f.id = t.file AND p.transaction_id = t.transaction_id AND p.kind = 'payment'
          AND pf.id = p.file AND pf.state = 'current' AND t.kind = 'refund' AND t.fee_millifen <> 0
        GROUP BY t.transaction_id, p.fee_millifen`)
      return rows
        .filter(({ taken, returned }) => Number(returned) > Number(taken))
        .map(
          ({ transaction_id, merchant, taken, returned }): Finding => ({
            class: 'fee_return',
            subject: transaction_id,
            merchant,
            amount: Math.round((Number(returned) - Number(taken)) / 1000),
            detail: { taken_millifen: String(taken), returned_millifen: String(returned) },
          }),
        )
    },
    async ratesBefore(mchid, date) {
      const rows = await rowsOf(sql<{ summary: string }>`
        SELECT summary FROM bill_files WHERE mchid = ${mchid} AND kind = 'trade' AND state = 'current' AND date < ${date} ORDER BY date DESC LIMIT 31`)
      const rates = rows.flatMap(({ summary }) => (JSON.parse(summary) as { rates?: number[] }).rates ?? [])
      return [...new Set(rates)]
    },
    async missingPayments(mchid, from, to) {
      const rows = await rowsOf(sql<{
        merchant: string
        out_trade_no: string
        amount: number
        transaction_id: string
        occurred_at: number
      }>`
        SELECT l.merchant, l.subject AS out_trade_no, l.amount, o.transaction_id, l.occurred_at
        FROM ledger l CROSS JOIN orders o
        WHERE o.merchant = l.merchant AND o.out_trade_no = l.subject AND l.code = 'payment' AND l.occurred_at >= ${from} AND l.occurred_at < ${to} AND o.mchid = ${mchid}
          AND NOT EXISTS (SELECT 1 FROM bill_trades t CROSS JOIN bill_files f
            WHERE f.id = t.file AND t.out_trade_no = l.subject AND t.kind = 'payment' AND f.state = 'current' AND f.mchid = ${mchid})
        ORDER BY l.occurred_at`)
      return rows.map(({ merchant, out_trade_no, amount, transaction_id, occurred_at }) => ({
        class: 'missing_there' as const,
        subject: out_trade_no,
        merchant,
        amount: -amount,
        detail: { transaction_id, paid_at: new Date(occurred_at).toISOString() },
      }))
    },
    async missingRefunds(mchid, from, to) {
      const rows = await rowsOf(sql<{ merchant: string; out_refund_no: string; amount: number; refund_id: string; state: string }>`
        SELECT r.merchant, r.out_refund_no, r.amount, r.refund_id, r.state
        FROM refund_history h CROSS JOIN refunds r
        WHERE r.merchant = h.merchant AND r.out_refund_no = h.out_refund_no AND h.from_state IN ('none','requested') AND h.to_state IN ('processing','abnormal','succeeded','closed')
          AND h.created_at >= ${from} AND h.created_at < ${to} AND r.mchid = ${mchid} AND r.refund_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM bill_trades t CROSS JOIN bill_files f
            WHERE f.id = t.file AND t.refund_id = r.refund_id AND t.refund_id <> '' AND f.state = 'current' AND f.mchid = ${mchid})
        ORDER BY h.created_at`)
      return rows.map(({ merchant, out_refund_no, amount, refund_id, state }) => ({
        class: 'refund_missing_there' as const,
        subject: out_refund_no,
        merchant,
        amount,
        detail: { refund_id, state },
      }))
    },
    async doublePayments(mchid, from, to) {
      const rows = await rowsOf(sql<{ merchant: string; out_trade_no: string; reference: string; amount: number }>`
        SELECT o.merchant, o.out_trade_no, o.reference, coalesce(o.paid_total, o.amount_total) - o.refunded_total AS amount
        FROM ledger l CROSS JOIN orders o
        WHERE o.merchant = l.merchant AND o.out_trade_no = l.subject AND l.code = 'payment' AND l.occurred_at >= ${from} AND l.occurred_at < ${to} AND o.mchid = ${mchid} AND o.reference IS NOT NULL
          AND o.refunded_total < coalesce(o.paid_total, o.amount_total)
          AND EXISTS (SELECT 1 FROM orders q WHERE q.merchant = o.merchant AND q.reference = o.reference AND q.state = 'paid'
            AND q.refunded_total < coalesce(q.paid_total, q.amount_total)
            AND (q.paid_at < o.paid_at OR (q.paid_at = o.paid_at AND q.out_trade_no < o.out_trade_no)))
        ORDER BY l.occurred_at`)
      return rows.map(({ merchant, out_trade_no, reference, amount }) => ({
        class: 'double_payment' as const,
        subject: out_trade_no,
        merchant,
        amount,
        detail: { reference },
      }))
    },
    // The money of a sub-merchant's payments moves in its own account, not in the provider's.
    async oddFunds(file, slice) {
      const rows = await rowsOf(sql<{
        kind: 'payment' | 'refund'
        transaction_id: string
        refund_id: string
        out_trade_no: string
        wanted: number
        moved: number | null
        lines: number
      }>`
        SELECT * FROM (
          SELECT t.kind, t.transaction_id, t.refund_id, t.out_trade_no, t.line,
            CASE WHEN t.kind = 'payment' THEN t.settlement_total - ${FEE_FEN} ELSE ${FEE_FEN} - t.refund END AS wanted,
            (SELECT sum(CASE WHEN b.direction = 'in' THEN b.amount ELSE -b.amount END) FROM bill_funds b CROSS JOIN bill_files bf
              WHERE bf.id = b.file AND bf.state = 'current' AND bf.mchid = f.mchid AND b.business_id = CASE WHEN t.kind = 'payment' THEN t.transaction_id ELSE t.refund_id END) AS moved,
            (SELECT count(*) FROM bill_funds b CROSS JOIN bill_files bf
              WHERE bf.id = b.file AND bf.state = 'current' AND bf.mchid = f.mchid AND b.business_id = CASE WHEN t.kind = 'payment' THEN t.transaction_id ELSE t.refund_id END) AS lines
          FROM bill_trades t CROSS JOIN bill_files f
          WHERE f.id = t.file AND ${within(file, slice)} AND t.sub_mchid = '' AND t.kind IN ('payment','refund') AND NOT (t.kind = 'refund' AND t.refund_status IN ('FAIL','CHANGE'))) odd
        WHERE moved IS NULL OR moved <> wanted ORDER BY line`)
      return rows.map(({ kind, transaction_id, refund_id, wanted, moved, lines }): Finding => {
        const subject = kind === 'payment' ? transaction_id : refund_id
        const detail = { trade_bill: String(wanted), fund_bill: String(moved ?? 0), lines: String(lines) }
        return {
          class: moved === null ? 'fund_missing' : 'fund_amount',
          subject,
          merchant: null,
          amount: Number(moved ?? 0) - Number(wanted),
          detail,
        }
      })
    },
    extraFunds: (file, slice) =>
      rowsOf(sql<FundRow>`
        SELECT t.line, t.at, t.business_id, t.flow_id, t.business_name, t.business_type, t.direction, t.amount, t.balance
        FROM bill_funds t CROSS JOIN bill_files f
        WHERE f.id = t.file AND ${within(file, slice)}
          AND NOT EXISTS (SELECT 1 FROM bill_trades b CROSS JOIN bill_files bf
            WHERE bf.id = b.file AND bf.state = 'current' AND bf.mchid = f.mchid AND b.transaction_id = t.business_id)
          AND NOT EXISTS (SELECT 1 FROM bill_trades b CROSS JOIN bill_files bf
            WHERE bf.id = b.file AND bf.state = 'current' AND bf.mchid = f.mchid AND b.refund_id = t.business_id AND b.refund_id <> '')
        ORDER BY t.line`),
  }
}
