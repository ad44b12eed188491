// The fund-flow bill (资金账单, v3-endpoints §5.3): every movement of the merchant's account. Amounts become integer fen.

import { MessageError } from '../errors.ts'
import { parseBillTable } from './csv.ts'
import { parseDecimal } from './decimal.ts'

export interface FundFlowRow {
  /** `YYYY-MM-DD HH:mm:ss`, Beijing time. */
  time: string
  /** WeChat's number of the payment, refund or other transaction that caused the movement. */
  business_id: string
  flow_id: string
  business_name: string
  business_type: string
  direction: 'in' | 'out'
  /** Fen. */
  amount: number
  /** Fen: the account's balance after the movement. */
  balance: number
  applicant: string
  remark: string
  voucher: string
  /** Columns that this version does not know. */
  more: Readonly<Record<string, string>>
}

export interface FundFlowBill {
  rows: FundFlowRow[]
  summary: { count: number; in_count: number; in_amount: number; out_count: number; out_amount: number }
}

const NAMED = [
  '记账时间',
  '微信支付业务单号',
  '资金流水单号',
  '业务名称',
  '业务类型',
  '收支类型',
  '收支金额(元)',
  '账户结余(元)',
  '资金变更提交申请人',
  '备注',
  '业务凭证号',
]

/** @throws MessageError ERR_BILL_FORMAT */
export function parseFundFlowBill(csv: string): FundFlowBill {
  const table = parseBillTable(csv)
  for (const needed of ['资金流水单号', '收支类型', '收支金额(元)']) {
    if (!table.columns.includes(needed)) throw new MessageError('ERR_BILL_FORMAT', { problem: 'not a fund-flow bill', missing: needed })
  }
  const sum = (name: string, decimals: number): number => parseDecimal(table.summary[name] ?? '0', decimals)
  return {
    rows: table.rows.map(rowOf),
    summary: {
      count: sum('资金流水总笔数', 0),
      in_count: sum('收入笔数', 0),
      in_amount: sum('收入金额', 2),
      out_count: sum('支出笔数', 0),
      out_amount: sum('支出金额', 2),
    },
  }
}

function rowOf(cells: Readonly<Record<string, string>>): FundFlowRow {
  const cell = (name: string): string => cells[name] ?? ''
  const direction = cell('收支类型')
  if (direction !== '收入' && direction !== '支出')
    throw new MessageError('ERR_BILL_FORMAT', { problem: 'neither 收入 nor 支出', text: direction.slice(0, 20) })
  return {
    time: cell('记账时间'),
    business_id: cell('微信支付业务单号'),
    flow_id: cell('资金流水单号'),
    business_name: cell('业务名称'),
    business_type: cell('业务类型'),
    direction: direction === '收入' ? 'in' : 'out',
    amount: parseDecimal(cell('收支金额(元)'), 2),
    balance: parseDecimal(cell('账户结余(元)'), 2),
    applicant: cell('资金变更提交申请人'),
    remark: cell('备注'),
    voucher: cell('业务凭证号'),
    more: Object.fromEntries(Object.entries(cells).filter(([name]) => !NAMED.includes(name))),
  }
}
