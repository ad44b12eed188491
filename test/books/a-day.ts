// A day of trade as WeChat's bills tell it, built from plain values, so that a test can put faults into it.

import { formatBillTable, formatDecimal } from '@cashdesk/protocol'

export interface TradeLine {
  kind: 'SUCCESS' | 'REFUND'
  /** Epoch milliseconds. */
  at: number
  appid: string
  mchid: string
  sub_mchid: string
  transaction_id: string
  out_trade_no: string
  refund_id: string
  out_refund_no: string
  currency: string
  total: number
  refund: number
  refund_status: string
  /** Fen; negative on a refund. */
  fee: number
  rate_ppm: number
}

/** A payment of ¥10.00 with the fee of 0.60 %, changed. */
export function aPayment(
  change: Pick<TradeLine, 'at' | 'appid' | 'mchid' | 'transaction_id' | 'out_trade_no'> & Partial<TradeLine>,
): TradeLine {
  const none = { sub_mchid: '', refund_id: '', out_refund_no: '', refund: 0, refund_status: '' }
  return { kind: 'SUCCESS', currency: 'CNY', total: 1000, fee: 6, rate_ppm: 6000, ...none, ...change }
}

export interface FundLine {
  at: number
  business_id: string
  flow_id: string
  name: string
  direction: '收入' | '支出'
  amount: number
  balance: number
}

const time = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
const yuan = (fen: number): string => formatDecimal(fen, 2)

export function tradeBill(lines: readonly TradeLine[]): string {
  const rows = lines.map((one) => ({
    交易时间: time(one.at),
    公众账号ID: one.appid,
    商户号: one.mchid,
    特约商户号: one.sub_mchid === '' ? '0' : one.sub_mchid,
    设备号: '',
    微信订单号: one.transaction_id,
    商户订单号: one.out_trade_no,
    用户标识: 'o-user',
    交易类型: 'JSAPI',
    交易状态: one.kind,
    付款银行: 'OTHERS',
    货币种类: one.currency,
    应结订单金额: yuan(one.total),
    代金券金额: '0.00',
    微信退款单号: one.refund_id === '' ? '0' : one.refund_id,
    商户退款单号: one.out_refund_no === '' ? '0' : one.out_refund_no,
    退款金额: yuan(one.refund),
    充值券退款金额: '0.00',
    退款类型: one.kind === 'REFUND' ? 'ORIGINAL' : '',
    退款状态: one.refund_status,
    商品名称: '拿铁',
    商户数据包: '',
    手续费: formatDecimal(one.fee * 1000, 5),
    费率: `${(one.rate_ppm / 10_000).toFixed(4).replace(/00$/, '')}%`,
    订单金额: yuan(one.total),
    申请退款金额: yuan(one.refund),
    费率备注: '',
  }))
  const sum = (of: (one: TradeLine) => number): number => lines.reduce((total, one) => total + of(one), 0)
  const [total, refund] = [yuan(sum((one) => one.total)), yuan(sum((one) => one.refund))]
  const summary = {
    总交易单数: String(lines.length),
    应结订单总金额: total,
    退款总金额: refund,
    充值券退款总金额: '0.00',
    手续费总金额: formatDecimal(sum((one) => one.fee) * 1000, 5),
    订单总金额: total,
    申请退款总金额: refund,
  }
  return formatBillTable({ columns: Object.keys(rows[0] ?? {}), rows, summary })
}

export function fundBill(lines: readonly FundLine[]): string {
  const rows = lines.map((one) => ({
    记账时间: time(one.at),
    微信支付业务单号: one.business_id,
    资金流水单号: one.flow_id,
    业务名称: one.name,
    业务类型: one.name,
    收支类型: one.direction,
    '收支金额(元)': yuan(one.amount),
    '账户结余(元)': yuan(one.balance),
    资金变更提交申请人: 'system',
    备注: '',
    业务凭证号: '',
  }))
  const of = (direction: FundLine['direction']): FundLine[] => lines.filter((one) => one.direction === direction)
  const sum = (some: readonly FundLine[]): string => yuan(some.reduce((total, one) => total + one.amount, 0))
  const summary = {
    资金流水总笔数: String(lines.length),
    收入笔数: String(of('收入').length),
    收入金额: sum(of('收入')),
    支出笔数: String(of('支出').length),
    支出金额: sum(of('支出')),
  }
  return formatBillTable({ columns: Object.keys(rows[0] ?? {}), rows, summary })
}

/** Writes the balances anew, from an opening balance: a chain without a break. */
export function chained(lines: readonly FundLine[], opening: number): FundLine[] {
  let balance = opening
  return lines.map((one) => {
    balance += one.direction === '收入' ? one.amount : -one.amount
    return { ...one, balance }
  })
}

/** The movements that WeChat makes of a line of the trade bill. */
export function fundsOf(line: TradeLine): FundLine[] {
  const base = { at: line.at, balance: 0 }
  if (line.kind === 'REFUND') {
    const amount = line.refund + line.fee
    return [{ ...base, business_id: line.refund_id, flow_id: `F-${line.refund_id}`, name: '退款', direction: '支出', amount }]
  }
  const business_id = line.transaction_id
  return [
    { ...base, business_id, flow_id: `F-${business_id}-1`, name: '交易', direction: '收入', amount: line.total },
    { ...base, business_id, flow_id: `F-${business_id}-2`, name: '扣除交易手续费', direction: '支出', amount: line.fee },
  ]
}
