// The trade bill (交易账单, v3-endpoints §5.3, bills §2), row by row: layouts ALL (27 columns), SUCCESS (20), REFUND (29), and the legacy one (24).

import type { Cells } from './cells.ts'
import type { Columns } from './columns.ts'
import { dayOf } from './day.ts'
import { Fingerprints } from './fingerprints.ts'
import { agreed, type BillExpectation, type BillFormat, type BillLayout, type BillReader, readerOf } from './reader.ts'
import { refuse } from './refuse.ts'

export interface TradeLine {
  /** The number of the line in the file; the header is 1. */
  line: number
  /** Epoch milliseconds: when the payment succeeded, or when the refund was accepted. */
  at: number
  appid: string
  mchid: string
  /** Empty for a direct merchant (`0` in the bill). */
  sub_mchid: string
  transaction_id: string
  out_trade_no: string
  openid: string
  /** An open set; not the API's: FACE where the API says FACEPAY. */
  trade_type: string
  /** SUCCESS, REFUND or REVOKED. */
  trade_state: string
  currency: string
  /** Fen, as all amounts here. Equals `amount.total` of the API on a payment; zero on a refund. */
  total: number
  /** `total` without coupons that nobody had paid for before. In the legacy layout: `total`. */
  settlement_total: number
  coupon_total: number
  /** Empty on a payment (`0` in the bill). */
  refund_id: string
  out_refund_no: string
  refund: number
  /** Equals `amount.refund` of the API. In the legacy layout: `refund`. */
  applied_refund: number
  coupon_refund: number
  refund_type: string
  /** SUCCESS, PROCESSING, FAIL, CHANGE: not the API's words. */
  refund_status: string
  /** Thousandths of a fen, because the bill has yuan with five decimals. Negative on a refund. */
  fee_millifen: number
  /** As in the bill: `0.60%`. */
  rate: string
  /** Millionths: 6000 for `0.60%`. */
  rate_ppm: number
  bank_type: string
  device_id: string
  /** As the bill writes it: `billText` of what the order was given. */
  description: string
  attach: string
  rate_note: string
  /** Columns that are not known here, by name. */
  more: Readonly<Record<string, string>> | undefined
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

const LEGACY_COUPON = ['代金券或立减优惠金额', '企业红包金额']
const LEGACY_COUPON_REFUND = ['代金券或立减优惠退款金额', '企业红包退款金额']
const SUMMARY = {
  count: ['总交易单数'],
  total: ['订单总金额', '总交易额'],
  settlement_total: ['应结订单总金额'],
  refund: ['退款总金额', '总退款金额'],
  coupon_refund: ['充值券退款总金额', '总代金券或立减优惠退款金额', '总企业红包退款金额'],
  fee: ['手续费总金额'],
  applied_refund: ['申请退款总金额'],
}
const SUMMARY_NAMES: ReadonlySet<string> = new Set(Object.values(SUMMARY).flat())
const STATES: ReadonlySet<string> = new Set(['SUCCESS', 'REFUND', 'REVOKED'])

/** Reads a trade bill as a stream of rows. @throws MessageError ERR_BILL_FORMAT from `push` and `end`; RangeError for a date that there is not */
export function tradeBillReader(expect?: BillExpectation): BillReader<TradeLine, TradeBillSummary> {
  return readerOf(new TradeFormat(expect))
}

type Positions = ReturnType<typeof positionsIn>

function positionsIn(columns: Columns, layout: BillLayout, refunds: boolean) {
  const legacy = layout === 'legacy'
  /** A column that only bills with refunds have. */
  const refund = (...names: string[]): number => (refunds ? columns.need(...names) : columns.find(...names))
  const total = columns.need(legacy ? '总金额' : '订单金额')
  const refunded = refund('退款金额')
  return {
    total,
    refunded,
    at: columns.need('交易时间'),
    appid: columns.need('公众账号ID'),
    mchid: columns.need('商户号'),
    sub_mchid: columns.need('特约商户号', '子商户号'),
    device_id: columns.find('设备号'),
    transaction_id: columns.need('微信订单号'),
    out_trade_no: columns.need('商户订单号'),
    openid: columns.need('用户标识'),
    trade_type: columns.need('交易类型'),
    trade_state: columns.need('交易状态'),
    bank_type: columns.find('付款银行'),
    currency: columns.need('货币种类'),
    settlement_total: legacy ? total : columns.need('应结订单金额'),
    coupon_total: legacy ? columns.need(...LEGACY_COUPON) : columns.need('代金券金额'),
    refund_id: refund('微信退款单号'),
    out_refund_no: refund('商户退款单号'),
    applied_refund: legacy ? refunded : refund('申请退款金额'),
    coupon_refund: legacy ? refund(...LEGACY_COUPON_REFUND) : refund('充值券退款金额'),
    refund_type: refund('退款类型'),
    refund_status: refund('退款状态'),
    description: columns.find('商品名称'),
    attach: columns.find('商户数据包'),
    fee: columns.need('手续费'),
    rate: columns.need('费率'),
    rate_note: columns.find('费率备注'),
  }
}

class TradeFormat implements BillFormat<TradeLine, TradeBillSummary> {
  #at: Positions = {} as Positions
  #unknown: (readonly [string, number])[] = []
  #layout: BillLayout = 'new'
  readonly #expect: BillExpectation | undefined
  readonly #day: { from: number; to: number } | undefined
  readonly #seen: Fingerprints | undefined
  readonly #sums = { count: 0, total: 0, settlement_total: 0, refund: 0, applied_refund: 0, coupon_refund: 0, fee: 0 }

  constructor(expect?: BillExpectation) {
    this.#expect = expect
    this.#day = expect && dayOf(expect.date)
    this.#seen = expect?.distinct === false ? undefined : new Fingerprints()
  }

  open(columns: Columns): BillLayout {
    if (!columns.has('交易状态')) refuse({ line: 1, problem: 'not a trade bill', missing: '交易状态' })
    this.#layout = columns.has('总金额') && !columns.has('订单金额') ? 'legacy' : 'new'
    const type = this.#expect?.bill_type
    const refunds = columns.has('微信退款单号', '商户退款单号', '退款金额', '申请退款金额') || type === 'ALL' || type === 'REFUND'
    this.#at = positionsIn(columns, this.#layout, refunds)
    this.#unknown = columns.unknown()
    return this.#layout
  }

  row(cells: Cells): TradeLine {
    const c = this.#at
    const row: TradeLine = {
      line: cells.line,
      at: cells.time(c.at),
      appid: cells.often(c.appid),
      mchid: cells.often(c.mchid),
      sub_mchid: cells.number(c.sub_mchid),
      transaction_id: cells.text(c.transaction_id),
      out_trade_no: cells.text(c.out_trade_no),
      openid: cells.text(c.openid),
      trade_type: cells.often(c.trade_type),
      trade_state: cells.often(c.trade_state),
      currency: cells.often(c.currency),
      total: cells.amount(c.total, 2),
      settlement_total: cells.amount(c.settlement_total, 2),
      coupon_total: cells.amountOrNone(c.coupon_total, 2),
      refund_id: cells.number(c.refund_id),
      // A merchant may call its refund 0.
      out_refund_no: cells.isZero(c.refund_id) ? cells.number(c.out_refund_no) : cells.text(c.out_refund_no),
      refund: cells.amountOrNone(c.refunded, 2),
      applied_refund: cells.amountOrNone(c.applied_refund, 2),
      coupon_refund: cells.amountOrNone(c.coupon_refund, 2),
      refund_type: cells.often(c.refund_type),
      refund_status: cells.often(c.refund_status),
      fee_millifen: cells.amount(c.fee, 5),
      rate: cells.often(c.rate),
      rate_ppm: cells.ppm(c.rate),
      bank_type: cells.often(c.bank_type),
      device_id: cells.often(c.device_id),
      description: cells.text(c.description),
      attach: cells.text(c.attach),
      rate_note: cells.often(c.rate_note),
      more: this.#unknown.length === 0 ? undefined : cells.byName(this.#unknown),
    }
    this.#check(row, cells)
    this.#count(row)
    return row
  }

  isSummary = (name: string): boolean => SUMMARY_NAMES.has(name)

  close(columns: Columns, cells: Cells): TradeBillSummary {
    const sums = this.#sums
    const legacy = this.#layout === 'legacy'
    const sum = (name: Exclude<keyof typeof SUMMARY, 'count' | 'fee'>): number => agreed(columns, cells, SUMMARY[name], sums[name], 2)
    return {
      count: agreed(columns, cells, SUMMARY.count, sums.count, 0),
      total: sum('total'),
      settlement_total: legacy ? sums.settlement_total : sum('settlement_total'),
      refund_total: sum('refund'),
      coupon_refund_total: sum('coupon_refund'),
      fee_millifen: agreed(columns, cells, SUMMARY.fee, sums.fee, 5),
      applied_refund_total: legacy ? sums.applied_refund : sum('applied_refund'),
    }
  }

  #check(row: TradeLine, cells: Cells): void {
    const c = this.#at
    const expect = this.#expect
    const day = this.#day
    if (row.trade_state !== 'SUCCESS' && !STATES.has(row.trade_state))
      cells.refuse(c.trade_state, 'not a state of a trade', row.trade_state)
    if (row.transaction_id === '') cells.refuse(c.transaction_id, 'no number')
    if (row.trade_state === 'REFUND' && row.refund_id === '') cells.refuse(Math.max(0, c.refund_id), 'a refund without its number')
    if (expect?.bill_type === 'SUCCESS' && row.trade_state === 'REFUND') cells.refuse(c.trade_state, 'a refund in a bill of payments')
    if (expect?.bill_type === 'REFUND' && row.trade_state === 'SUCCESS') cells.refuse(c.trade_state, 'a payment in a bill of refunds')
    if (expect && row.mchid !== expect.mchid) cells.refuse(c.mchid, `of another merchant than ${expect.mchid}`, row.mchid)
    if (day && (row.at < day.from || row.at >= day.to)) cells.refuse(c.at, `outside the day ${expect?.date}`, cells.text(c.at))
    if (this.#seen) this.#once(row, cells, this.#seen)
  }

  #once(row: TradeLine, cells: Cells, seen: Fingerprints): void {
    const c = this.#at
    seen.begin()
    cells.mix(row.refund_id === '' ? c.transaction_id : c.refund_id, seen)
    // A payment and its revocation share a number.
    if (row.trade_state !== 'SUCCESS') cells.mix(c.trade_state, seen)
    if (!seen.add()) cells.refuse(c.transaction_id, 'the same trade twice', row.refund_id || row.transaction_id)
  }

  #count(row: TradeLine): void {
    const sums = this.#sums
    sums.count++
    sums.total += row.total
    sums.settlement_total += row.settlement_total
    sums.refund += row.refund
    sums.applied_refund += row.applied_refund
    sums.coupon_refund += row.coupon_refund
    sums.fee += row.fee_millifen
  }
}
