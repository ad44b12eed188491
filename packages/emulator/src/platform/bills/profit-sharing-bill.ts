// The profit-sharing bill (分账账单): shares, returns and unfreezes of one day. Only one description of its columns is known (differences.md).

import type { BillTable } from '@cashdesk/protocol'
import type { LedgerEntry, SharingEntry } from '../ledger.ts'
import { type BillDay, billTime, within } from './days.ts'
import { float, yuan } from './numbers.ts'

const COLUMNS = [
  '分账时间',
  '分账发起方',
  '分账方',
  '微信分账/回退单号',
  '商户分账/回退单号',
  '微信订单号',
  '分账接收方',
  '分账金额(元)',
  '业务类型',
  '处理状态',
]

const TYPES: Record<SharingEntry['kind'], string> = { share: '分账', share_return: '分账回退', unfreeze: '分账完结' }

/** Undefined when nothing was shared on that day. */
export function profitSharingBill(entries: readonly LedgerEntry[], day: BillDay): BillTable | undefined {
  const shared = entries.filter((entry): entry is SharingEntry => entry.kind in TYPES && within(day, entry.time))
  if (shared.length === 0) return undefined
  return {
    columns: COLUMNS,
    rows: shared.map((entry) => ({
      分账时间: billTime(Date.parse(entry.time)),
      分账发起方: entry.mchid,
      分账方: entry.sub_mchid ?? entry.mchid,
      '微信分账/回退单号': entry.order_id,
      '商户分账/回退单号': entry.out_order_no,
      微信订单号: entry.transaction_id,
      分账接收方: entry.receiver?.account ?? entry.sub_mchid ?? entry.mchid,
      '分账金额(元)': yuan(entry.amount.total),
      业务类型: TYPES[entry.kind],
      处理状态: '成功',
    })),
    summary: {
      总笔数: float(String(shared.length)),
      总金额: float(yuan(shared.reduce((sum, { amount }) => sum + amount.total, 0))),
    },
  }
}
