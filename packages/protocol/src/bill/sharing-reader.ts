// The bill of profit sharing (分账账单, bills §5), row by row. Its columns are published for the cross-border product only; the names of both are in one table,
// which a release can extend. Until 2025-01-15 some of its cells lacked the backtick.

import type { Cells } from './cells.ts'
import type { Columns } from './columns.ts'
import { dayOf } from './day.ts'
import { Fingerprints } from './fingerprints.ts'
import { agreed, type BillExpectation, type BillFormat, type BillLayout, type BillReader, readerOf } from './reader.ts'
import { refuse } from './refuse.ts'

export interface SharingLine {
  /** The number of the line in the file; the header is 1. */
  line: number
  /** Epoch milliseconds. */
  at: number
  /** The merchant that asked, or `system` when the time to share ran out. */
  initiator: string
  /** The merchant whose money is shared. */
  sponsor: string
  sub_mchid: string
  transaction_id: string
  /** WeChat's number of the share or the return. */
  order_id: string
  out_order_no: string
  /** WeChat's number of one receiver's part: the fund-flow bill names it. */
  detail_id: string
  receiver: string
  /** Fen. */
  amount: number
  currency: string
  /** An open set. */
  business_type: string
  status: string
  description: string
  /** Columns that are not known here, by name. */
  more: Readonly<Record<string, string>> | undefined
}

export interface SharingSummary {
  count: number
  /** Fen. */
  amount: number
  /** False when the file has no summary: then only the hash of the download shows that it is whole. */
  announced: boolean
}

const ALIASES = {
  at: ['分账时间', 'create_time', '创建时间', '交易时间'],
  initiator: ['分账发起方', 'initiator', '发起方'],
  sponsor: ['分账方', 'sponsor', '出资方'],
  sub_mchid: ['sub_mchid', '特约商户号', '子商户号', '二级商户号'],
  transaction_id: ['微信订单号', 'transaction_id', '微信支付订单号'],
  order_id: ['微信分账/回退单号', 'order_id', '微信分账单号'],
  out_order_no: ['商户分账/回退单号', 'out_order_no', '商户分账单号'],
  detail_id: ['分账明细单号', 'detail_id', '微信分账明细单号'],
  receiver: ['分账接收方', 'receiver_account', '接收方账号', '分账接收方账号'],
  amount: ['分账金额(元)', 'amount', '分账金额', '金额(元)'],
  currency: ['货币种类', 'currency', '币种'],
  business_type: ['业务类型', 'business_type'],
  status: ['处理状态', 'status', '状态'],
  description: ['分账描述', 'description', '备注', '描述'],
} as const
const NEEDED: ReadonlySet<string> = new Set(['at', 'transaction_id', 'order_id', 'out_order_no', 'receiver', 'amount', 'business_type'])
const SUMMARY = { count: ['总笔数', '分账总笔数', 'total_count'], amount: ['总金额', '分账总金额', '总金额(元)', 'total_amount'] }
const SUMMARY_NAMES: ReadonlySet<string> = new Set(Object.values(SUMMARY).flat())

/** Reads a bill of profit sharing as a stream of rows. @throws MessageError ERR_BILL_FORMAT from `push` and `end` */
export function sharingBillReader(expect?: BillExpectation): BillReader<SharingLine, SharingSummary> {
  return readerOf(new SharingFormat(expect))
}

type Field = keyof typeof ALIASES

class SharingFormat implements BillFormat<SharingLine, SharingSummary> {
  readonly bare = true
  #at: Record<Field, number> = {} as Record<Field, number>
  #unknown: (readonly [string, number])[] = []
  readonly #date: string | undefined
  readonly #day: { from: number; to: number } | undefined
  readonly #seen: Fingerprints | undefined
  readonly #sums = { count: 0, amount: 0 }

  constructor(expect?: BillExpectation) {
    this.#date = expect?.date
    this.#day = expect && dayOf(expect.date)
    this.#seen = expect?.distinct === false ? undefined : new Fingerprints()
  }

  open(columns: Columns): BillLayout {
    if (!columns.has(...ALIASES.order_id)) refuse({ line: 1, problem: 'not a bill of profit sharing', missing: ALIASES.order_id[0] })
    for (const [field, names] of Object.entries(ALIASES) as [Field, readonly string[]][])
      this.#at[field] = NEEDED.has(field) ? columns.need(...names) : columns.find(...names)
    this.#unknown = columns.unknown()
    return 'new'
  }

  row(cells: Cells): SharingLine {
    const c = this.#at
    const row: SharingLine = {
      line: cells.line,
      at: cells.time(c.at),
      initiator: cells.text(c.initiator),
      sponsor: cells.text(c.sponsor),
      sub_mchid: cells.number(c.sub_mchid),
      transaction_id: cells.text(c.transaction_id),
      order_id: cells.text(c.order_id),
      out_order_no: cells.text(c.out_order_no),
      detail_id: cells.number(c.detail_id),
      receiver: cells.text(c.receiver),
      amount: cells.amount(c.amount, 2),
      currency: cells.text(c.currency),
      business_type: cells.text(c.business_type),
      status: cells.text(c.status),
      description: cells.text(c.description),
      more: this.#unknown.length === 0 ? undefined : cells.byName(this.#unknown),
    }
    this.#check(row, cells)
    this.#sums.count++
    this.#sums.amount += row.amount
    return row
  }

  isSummary = (name: string): boolean => SUMMARY_NAMES.has(name)

  close(columns: Columns, cells: Cells): SharingSummary {
    const count = agreed(columns, cells, SUMMARY.count, this.#sums.count, 0)
    return { count, amount: agreed(columns, cells, SUMMARY.amount, this.#sums.amount, 2), announced: true }
  }

  closeWithout(): SharingSummary {
    return { ...this.#sums, announced: false }
  }

  #check(row: SharingLine, cells: Cells): void {
    const [c, day] = [this.#at, this.#day]
    if (row.order_id === '') cells.refuse(c.order_id, 'no number')
    if (day && (row.at < day.from || row.at >= day.to)) cells.refuse(c.at, `outside the day ${this.#date}`, cells.text(c.at))
    if (this.#seen) this.#once(row, cells, this.#seen)
  }

  #once(row: SharingLine, cells: Cells, seen: Fingerprints): void {
    const c = this.#at
    seen.begin()
    for (const column of [c.order_id, c.out_order_no, c.detail_id, c.receiver, c.business_type]) cells.mix(column, seen)
    if (!seen.add()) cells.refuse(c.order_id, 'the same share twice', row.order_id)
  }
}
