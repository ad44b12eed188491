// The fund-flow bill (资金账单): every movement of one account on one day, with the balance after it (v3-endpoints §5.3).

import type { BillTable } from '@cashdesk/protocol'
import { type LedgerEntry, type Movement, OPENING } from '../ledger.ts'
import { type BillDay, billTime, within } from './days.ts'
import { float, yuan } from './numbers.ts'

const FUND_FLOW_COLUMNS: readonly string[] = [
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

interface Flow {
  name: string
  /** Fen; negative when money leaves the account. */
  change: number
  business_id: string
  voucher: string
  remark: string
}

/** Undefined when the day has no movement. Frozen money still belongs to the merchant, so freezing it is not a movement. */
export function fundFlowBill(
  entries: readonly LedgerEntry[],
  owner: string,
  account: Movement['account'],
  day: BillDay,
): BillTable | undefined {
  const rows: Record<string, string>[] = []
  const sums = { in_count: 0, in_amount: 0, out_count: 0, out_amount: 0 }
  let balance = OPENING[account]
  for (const entry of entries) {
    for (const [index, flow] of flowsOf(entry, owner, account).entries()) {
      balance += flow.change
      if (!within(day, entry.time)) continue
      sums[flow.change > 0 ? 'in_count' : 'out_count'] += 1
      sums[flow.change > 0 ? 'in_amount' : 'out_amount'] += Math.abs(flow.change)
      rows.push(rowOf(entry, flow, balance, `${String(entry.seq).padStart(16, '0')}${index}`))
    }
  }
  if (rows.length === 0) return undefined
  return {
    columns: FUND_FLOW_COLUMNS,
    rows,
    summary: {
      资金流水总笔数: float(String(rows.length)),
      收入笔数: float(String(sums.in_count)),
      收入金额: float(yuan(sums.in_amount)),
      支出笔数: float(String(sums.out_count)),
      支出金额: float(yuan(sums.out_amount)),
    },
  }
}

function rowOf(entry: LedgerEntry, flow: Flow, balance: number, flow_id: string): Record<string, string> {
  return {
    记账时间: billTime(Date.parse(entry.time)),
    微信支付业务单号: flow.business_id,
    资金流水单号: flow_id,
    业务名称: flow.name,
    业务类型: flow.name,
    收支类型: flow.change > 0 ? '收入' : '支出',
    '收支金额(元)': yuan(Math.abs(flow.change)),
    '账户结余(元)': yuan(balance),
    资金变更提交申请人: 'system',
    备注: flow.remark,
    业务凭证号: flow.voucher,
  }
}

/** A payment has two lines, the total and its fee; every other entry has one. */
function flowsOf(entry: LedgerEntry, owner: string, account: Movement['account']): Flow[] {
  const mine = entry.movements.filter((movement) => movement.owner === owner && movement.account === account)
  const change = mine.reduce((sum, { available, frozen }) => sum + available + frozen, 0)
  const [business_id, voucher] = numbersOf(entry)
  const flow = { business_id, voucher, remark: '' }
  if (entry.kind === 'payment' && mine.length > 0) {
    const remark = `结算总金额${yuan(entry.amount.total)}元;含手续费${yuan(entry.fee)}元`
    const whole: Flow = { ...flow, name: '交易', change: entry.amount.total, remark }
    return entry.fee === 0 ? [whole] : [whole, { ...flow, name: '扣除交易手续费', change: -entry.fee, remark }]
  }
  if (change === 0) return []
  const remark = entry.kind === 'refund' ? `退款总金额${yuan(entry.amount.refund)}元;含手续费${yuan(entry.fee)}元` : ''
  return [{ ...flow, name: NAMES[entry.kind], change, remark }]
}

const NAMES: Record<LedgerEntry['kind'], string> = {
  payment: '交易',
  refund: '退款',
  refund_result: '退款退回',
  share: '分账',
  share_return: '分账回退',
  unfreeze: '解冻',
  transfer: '商家转账',
  transfer_result: '商家转账退回',
  deposit: '充值',
}

function numbersOf(entry: LedgerEntry): [business_id: string, voucher: string] {
  switch (entry.kind) {
    case 'payment':
      return [entry.transaction_id, entry.out_trade_no]
    case 'refund':
    case 'refund_result':
      return [entry.refund_id, entry.out_refund_no]
    case 'share':
    case 'share_return':
    case 'unfreeze':
      return [entry.order_id, entry.out_order_no]
    case 'transfer':
    case 'transfer_result':
      return [entry.transfer_bill_no, entry.out_bill_no]
    case 'deposit':
      return [String(entry.seq), '']
  }
}
