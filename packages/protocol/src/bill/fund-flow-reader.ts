// The fund-flow bill (资金账单, v3-endpoints §5.3, bills §3), row by row: every movement of one account of the merchant.

import type { Cells } from './cells.ts'
import type { Columns } from './columns.ts'
import { dayOf } from './day.ts'
import { Fingerprints } from './fingerprints.ts'
import { agreed, type BillExpectation, type BillFormat, type BillLayout, type BillReader, readerOf } from './reader.ts'
import { refuse } from './refuse.ts'

export interface FundFlowLine {
  /** The number of the line in the file; the header is 1. */
  line: number
  /** Epoch milliseconds. */
  at: number
  /** WeChat's number of the payment, refund, share or other transaction that caused the movement. */
  business_id: string
  flow_id: string
  /** Open sets, both: WeChat adds to them. */
  business_name: string
  business_type: string
  direction: 'in' | 'out'
  /** Fen, without sign: the sign is the direction. */
  amount: number
  /** Fen: the account's balance after the movement. */
  balance: number
  applicant: string
  remark: string
  /** Usually out_trade_no or out_refund_no. */
  voucher: string
  /** Columns that are not known here, by name. */
  more: Readonly<Record<string, string>> | undefined
}

export interface FundFlowSummary {
  count: number
  in_count: number
  /** Fen. */
  in_amount: number
  out_count: number
  /** Fen. */
  out_amount: number
}

const SUMMARY_NAMES: ReadonlySet<string> = new Set(['资金流水总笔数', '收入笔数', '收入金额', '支出笔数', '支出金额'])

/** Reads a fund-flow bill as a stream of rows. The file does not name its merchant. @throws MessageError ERR_BILL_FORMAT from `push` and `end` */
export function fundFlowBillReader(expect?: BillExpectation): BillReader<FundFlowLine, FundFlowSummary> {
  return readerOf(new FundFlowFormat(expect))
}

type Positions = ReturnType<typeof positionsIn>

function positionsIn(columns: Columns) {
  return {
    at: columns.need('记账时间'),
    business_id: columns.need('微信支付业务单号'),
    flow_id: columns.need('资金流水单号'),
    business_name: columns.need('业务名称'),
    business_type: columns.need('业务类型'),
    direction: columns.need('收支类型'),
    amount: columns.need('收支金额(元)'),
    balance: columns.need('账户结余(元)'),
    applicant: columns.find('资金变更提交申请人'),
    remark: columns.find('备注'),
    voucher: columns.need('业务凭证号'),
  }
}

class FundFlowFormat implements BillFormat<FundFlowLine, FundFlowSummary> {
  #at: Positions = {} as Positions
  #unknown: (readonly [string, number])[] = []
  readonly #date: string | undefined
  readonly #day: { from: number; to: number } | undefined
  readonly #seen: Fingerprints | undefined
  readonly #sums: FundFlowSummary = { count: 0, in_count: 0, in_amount: 0, out_count: 0, out_amount: 0 }

  constructor(expect?: BillExpectation) {
    this.#date = expect?.date
    this.#day = expect && dayOf(expect.date)
    this.#seen = expect?.distinct === false ? undefined : new Fingerprints()
  }

  open(columns: Columns): BillLayout {
    if (!columns.has('资金流水单号')) refuse({ line: 1, problem: 'not a fund-flow bill', missing: '资金流水单号' })
    this.#at = positionsIn(columns)
    this.#unknown = columns.unknown()
    return 'new'
  }

  row(cells: Cells): FundFlowLine {
    const c = this.#at
    const row: FundFlowLine = {
      line: cells.line,
      at: cells.time(c.at),
      business_id: cells.text(c.business_id),
      flow_id: cells.text(c.flow_id),
      business_name: cells.often(c.business_name),
      business_type: cells.often(c.business_type),
      direction: this.#direction(cells),
      amount: cells.amount(c.amount, 2),
      balance: cells.amount(c.balance, 2),
      applicant: cells.often(c.applicant),
      remark: cells.text(c.remark),
      voucher: cells.text(c.voucher),
      more: this.#unknown.length === 0 ? undefined : cells.byName(this.#unknown),
    }
    this.#check(row, cells)
    this.#count(row)
    return row
  }

  isSummary = (name: string): boolean => SUMMARY_NAMES.has(name)

  close(columns: Columns, cells: Cells): FundFlowSummary {
    const sums = this.#sums
    return {
      count: agreed(columns, cells, ['资金流水总笔数'], sums.count, 0),
      in_count: agreed(columns, cells, ['收入笔数'], sums.in_count, 0),
      in_amount: agreed(columns, cells, ['收入金额'], sums.in_amount, 2),
      out_count: agreed(columns, cells, ['支出笔数'], sums.out_count, 0),
      out_amount: agreed(columns, cells, ['支出金额'], sums.out_amount, 2),
    }
  }

  #direction(cells: Cells): 'in' | 'out' {
    const text = cells.often(this.#at.direction)
    if (text === '收入') return 'in'
    if (text === '支出') return 'out'
    return cells.refuse(this.#at.direction, 'neither 收入 nor 支出', text)
  }

  #check(row: FundFlowLine, cells: Cells): void {
    const c = this.#at
    const day = this.#day
    if (row.amount < 0) cells.refuse(c.amount, 'an amount below zero: the sign is the direction', cells.text(c.amount))
    if (row.flow_id === '') cells.refuse(c.flow_id, 'no number')
    if (day && (row.at < day.from || row.at >= day.to)) cells.refuse(c.at, `outside the day ${this.#date}`, cells.text(c.at))
    if (this.#seen) this.#once(row, cells, this.#seen)
  }

  #once(row: FundFlowLine, cells: Cells, seen: Fingerprints): void {
    const c = this.#at
    seen.begin()
    // A payment and its fee may share a number.
    cells.mix(c.flow_id, seen)
    cells.mix(c.business_type, seen)
    cells.mix(c.direction, seen)
    if (!seen.add()) cells.refuse(c.flow_id, 'the same movement twice', row.flow_id)
  }

  #count({ direction, amount }: FundFlowLine): void {
    const sums = this.#sums
    sums.count++
    if (direction === 'in') {
      sums.in_count++
      sums.in_amount += amount
    } else {
      sums.out_count++
      sums.out_amount += amount
    }
  }
}
