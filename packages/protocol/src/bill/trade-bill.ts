// The trade bill (交易账单, v3-endpoints §5.3). Columns are found by *name*, because WeChat may add columns. Amounts become integer fen.

import { MessageError } from '../errors.ts'
import { parseBillTable } from './csv.ts'
import { parseDecimal } from './decimal.ts'

export interface TradeBillRow {
  /** `YYYY-MM-DD HH:mm:ss`, Beijing time. */
  trade_time: string
  appid: string
  mchid: string
  /** Empty for a direct merchant (`0` in the bill). */
  sub_mchid: string
  device_id: string
  transaction_id: string
  out_trade_no: string
  openid: string
  trade_type: string
  /** SUCCESS, REFUND or REVOKED. */
  trade_state: string
  bank_type: string
  currency: string
  /** Fen, as all amounts here. */
  settlement_total: number
  coupon_total: number
  /** Empty on a payment (`0` in the bill). */
  refund_id: string
  out_refund_no: string
  refund: number
  coupon_refund: number
  refund_type: string
  refund_status: string
  description: string
  attach: string
  /** Thousandths of a fen, because the bill has yuan with five decimals. */
  fee_millifen: number
  /** As in the bill: `0.60%`. */
  rate: string
  total: number
  applied_refund: number
  rate_note: string
  /** Columns that this version does not know. */
  more: Readonly<Record<string, string>>
}

export interface TradeBillSummary {
  count: number
  /** Fen, as all amounts here. */
  settlement_total: number
  refund_total: number
  coupon_refund_total: number
  fee_millifen: number
  total: number
  applied_refund_total: number
}

export interface TradeBill {
  rows: TradeBillRow[]
  summary: TradeBillSummary
}

type Read = (text: string) => string | number
const text: Read = (value) => value
/** In columns of numbers `0` means "none". */
const number: Read = (value) => (value === '0' ? '' : value)
const fen: Read = (value) => (value === '' ? 0 : parseDecimal(value, 2))
const millifen: Read = (value) => (value === '' ? 0 : parseDecimal(value, 5))

/** WeChat's column → our field. Bills of type SUCCESS lack the refund columns. */
const COLUMNS: Readonly<Record<string, readonly [keyof Omit<TradeBillRow, 'more'>, Read]>> = {
  交易时间: ['trade_time', text],
  公众账号ID: ['appid', text],
  商户号: ['mchid', text],
  特约商户号: ['sub_mchid', number],
  设备号: ['device_id', text],
  微信订单号: ['transaction_id', text],
  商户订单号: ['out_trade_no', text],
  用户标识: ['openid', text],
  交易类型: ['trade_type', text],
  交易状态: ['trade_state', text],
  付款银行: ['bank_type', text],
  货币种类: ['currency', text],
  应结订单金额: ['settlement_total', fen],
  代金券金额: ['coupon_total', fen],
  微信退款单号: ['refund_id', number],
  商户退款单号: ['out_refund_no', number],
  退款金额: ['refund', fen],
  充值券退款金额: ['coupon_refund', fen],
  退款类型: ['refund_type', text],
  退款状态: ['refund_status', text],
  商品名称: ['description', text],
  商户数据包: ['attach', text],
  手续费: ['fee_millifen', millifen],
  费率: ['rate', text],
  订单金额: ['total', fen],
  申请退款金额: ['applied_refund', fen],
  费率备注: ['rate_note', text],
}

const EMPTY: TradeBillRow = {
  trade_time: '',
  appid: '',
  mchid: '',
  sub_mchid: '',
  device_id: '',
  transaction_id: '',
  out_trade_no: '',
  openid: '',
  trade_type: '',
  trade_state: '',
  bank_type: '',
  currency: '',
  settlement_total: 0,
  coupon_total: 0,
  refund_id: '',
  out_refund_no: '',
  refund: 0,
  coupon_refund: 0,
  refund_type: '',
  refund_status: '',
  description: '',
  attach: '',
  fee_millifen: 0,
  rate: '',
  total: 0,
  applied_refund: 0,
  rate_note: '',
  more: {},
}

/** @throws MessageError ERR_BILL_FORMAT */
export function parseTradeBill(csv: string): TradeBill {
  const table = parseBillTable(csv)
  for (const needed of ['微信订单号', '商户订单号', '交易状态']) {
    if (!table.columns.includes(needed)) throw new MessageError('ERR_BILL_FORMAT', { problem: 'not a trade bill', missing: needed })
  }
  const { summary } = table
  const sum = (name: string, decimals = 2): number => (summary[name] === undefined ? 0 : parseDecimal(summary[name], decimals))
  return {
    rows: table.rows.map(rowOf),
    summary: {
      count: sum('总交易单数', 0),
      settlement_total: sum('应结订单总金额'),
      refund_total: sum('退款总金额'),
      coupon_refund_total: sum('充值券退款总金额'),
      fee_millifen: sum('手续费总金额', 5),
      total: sum('订单总金额'),
      applied_refund_total: sum('申请退款总金额'),
    },
  }
}

function rowOf(cells: Readonly<Record<string, string>>): TradeBillRow {
  const more: Record<string, string> = {}
  const known: Record<string, string | number> = {}
  for (const [column, value] of Object.entries(cells)) {
    const field = COLUMNS[column]
    if (field) known[field[0]] = field[1](value)
    else more[column] = value
  }
  // COLUMNS pairs each field with a reader of its own type.
  return { ...EMPTY, ...(known as Partial<TradeBillRow>), more }
}
