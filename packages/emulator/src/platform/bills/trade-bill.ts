// The trade bill (交易账单): payments and refunds of one day, newest first, in WeChat's columns (v3-endpoints §5.3).

import type { BillTable } from '@cashdesk/protocol'
import type { LedgerEntry, PaymentEntry, RefundEntry } from '../ledger.ts'
import type { Trade, Trades } from '../orders/trades.ts'
import { type BillDay, billTime, within } from './days.ts'
import { feeCell, float, rateCell, yuan } from './numbers.ts'

export type TradeBillType = 'ALL' | 'SUCCESS' | 'REFUND'

const BEFORE = ['交易时间', '公众账号ID', '商户号', '特约商户号', '设备号', '微信订单号', '商户订单号', '用户标识', '交易类型', '交易状态']
const MIDDLE = ['付款银行', '货币种类', '应结订单金额', '代金券金额']
const REFUND_TIMES = ['退款申请时间', '退款成功时间']
const REFUND = ['微信退款单号', '商户退款单号', '退款金额', '充值券退款金额', '退款类型', '退款状态']
const AFTER = ['商品名称', '商户数据包', '手续费', '费率', '订单金额']

const TRADE_COLUMNS: Readonly<Record<TradeBillType, readonly string[]>> = {
  ALL: [...BEFORE, ...MIDDLE, ...REFUND, ...AFTER, '申请退款金额', '费率备注'],
  SUCCESS: [...BEFORE, ...MIDDLE, ...AFTER, '费率备注'],
  REFUND: [...BEFORE, ...MIDDLE, ...REFUND_TIMES, ...REFUND, ...AFTER, '申请退款金额', '费率备注'],
}

interface Row {
  cells: Record<string, string>
  total: number
  refund: number
  fee: number
}

/** Undefined when the day had no payments or refunds. */
export function tradeBill(entries: readonly LedgerEntry[], trades: Trades, day: BillDay, type: TradeBillType): BillTable | undefined {
  const results = resultsBy(entries, day)
  const rows = entries.flatMap((entry) => {
    if (!within(day, entry.time)) return []
    const trade = 'transaction_id' in entry ? trades.findByTransactionId(entry.transaction_id) : undefined
    if (!trade) return []
    if (entry.kind === 'payment') return type === 'REFUND' ? [] : [paymentRow(trade, entry)]
    if (entry.kind === 'refund') return type === 'SUCCESS' ? [] : [refundRow(trade, entry, results.get(entry.refund_id))]
    return []
  })
  if (rows.length === 0) return undefined
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0)
  const [total, refund, fee] = [sum((row) => row.total), sum((row) => row.refund), sum((row) => row.fee)]
  return {
    columns: TRADE_COLUMNS[type],
    rows: rows.reverse().map(({ cells }) => cells),
    summary: {
      总交易单数: float(String(rows.length)),
      应结订单总金额: float(yuan(total)),
      退款总金额: float(yuan(refund)),
      充值券退款总金额: float(yuan(0)),
      手续费总金额: float(feeCell(fee)),
      订单总金额: float(yuan(total)),
      申请退款总金额: float(yuan(refund)),
    },
  }
}

function paymentRow(trade: Trade, { fee }: PaymentEntry): Row {
  const cells = {
    ...tradeCells(trade),
    交易时间: billTime(trade.paid_at),
    交易状态: 'SUCCESS',
    应结订单金额: yuan(trade.total),
    微信退款单号: '0',
    商户退款单号: '0',
    退款金额: yuan(0),
    手续费: feeCell(fee),
    订单金额: yuan(trade.total),
    申请退款金额: yuan(0),
  }
  return { cells, total: trade.total, refund: 0, fee }
}

function refundRow(trade: Trade, entry: RefundEntry, result: RefundEntry | undefined): Row {
  const { refund } = entry.amount
  const made_at = billTime(Date.parse(entry.time))
  const cells = {
    ...tradeCells(trade),
    交易时间: made_at,
    交易状态: 'REFUND',
    应结订单金额: yuan(0),
    退款申请时间: made_at,
    退款成功时间: result?.status === 'SUCCESS' ? billTime(Date.parse(result.time)) : '',
    微信退款单号: entry.refund_id,
    商户退款单号: entry.out_refund_no,
    退款金额: yuan(refund),
    退款类型: 'ORIGINAL',
    退款状态: STATUS[result?.status ?? 'PROCESSING'],
    手续费: feeCell(-entry.fee),
    订单金额: yuan(0),
    申请退款金额: yuan(refund),
  }
  return { cells, total: 0, refund, fee: -entry.fee }
}

/** The names that this bill has for the states of a refund. */
const STATUS: Record<RefundEntry['status'], string> = { PROCESSING: 'PROCESSING', SUCCESS: 'SUCCESS', CLOSED: 'FAIL', ABNORMAL: 'CHANGE' }

function tradeCells(trade: Trade): Record<string, string> {
  return {
    公众账号ID: trade.appid,
    商户号: trade.mchid,
    特约商户号: trade.sub_mchid ?? '0',
    设备号: trade.device_id ?? '',
    微信订单号: trade.transaction_id,
    商户订单号: trade.out_trade_no,
    用户标识: trade.openid,
    交易类型: 'JSAPI',
    付款银行: trade.bank_type,
    货币种类: 'CNY',
    代金券金额: yuan(0),
    充值券退款金额: yuan(0),
    商品名称: trade.description,
    商户数据包: trade.attach ?? '',
    费率: rateCell(trade.fee_rate),
  }
}

/** The result of each refund that was finished by the time the bill was made. */
function resultsBy(entries: readonly LedgerEntry[], { made_at }: BillDay): Map<string, RefundEntry> {
  const results = new Map<string, RefundEntry>()
  for (const entry of entries) {
    if (entry.kind === 'refund_result' && Date.parse(entry.time) < made_at) results.set(entry.refund_id, entry)
  }
  return results
}
