// Small bills of one day in all layouts, as WeChat writes them.

import type { BillReader } from '../../src/index.ts'

export const DAY = { date: '2026-11-23', mchid: '1900000001' } as const

/** BOM, CRLF, a line end at the end. */
export function file(...lines: string[]): Buffer {
  return Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`)
}

export const cellsOf = (...cells: (string | number)[]): string => cells.map((cell) => `\`${cell}`).join(',')

const BEFORE = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类'
const REFUND = '微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态'
export const ALL = `${BEFORE},应结订单金额,代金券金额,${REFUND},商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注`
export const SUCCESS = `${BEFORE},应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注`
export const REFUNDS = `${BEFORE},应结订单金额,代金券金额,退款申请时间,退款成功时间,${REFUND},商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注`
export const LEGACY =
  '交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,代金券或立减优惠金额,微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率'
export const SUMMARY = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'
const LEGACY_SUMMARY = '总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额'

const head = (time: string, number: string, order: string, state: string): string =>
  cellsOf(`2026-11-23 ${time}`, 'wx0123456789abcdef', '1900000001', 0, '', number, order, 'oUpF8uMu', 'JSAPI', state, 'OTHERS', 'CNY')

const PAID = head('10:00:00', '4200000001', 'ORDER-1', 'SUCCESS')
const COUPON = head('12:30:15', '4200000002', 'ORDER-2', 'SUCCESS')
const BACK = head('23:59:59', '4200000001', 'ORDER-1', 'REFUND')
const paidTail = [cellsOf('拿铁\\ 大杯', '{"table":7}'), cellsOf('0.16800', '0.60%')]
const couponTail = [cellsOf('美式, 中杯', ''), cellsOf('0.06000', '0.60%')]
const backTail = [cellsOf('拿铁', ''), cellsOf('-0.00600', '0.60%')]

export const PAID_ROW: string = [
  PAID,
  cellsOf('28.00', '0.00', 0, 0, '0.00', '0.00', '', ''),
  ...paidTail,
  cellsOf('28.00', '0.00', ''),
].join()
export const COUPON_ROW: string = [
  COUPON,
  cellsOf('10.00', '2.00', 0, 0, '0.00', '0.00', '', ''),
  ...couponTail,
  cellsOf('10.00', '0.00', ''),
].join()
const refunded = cellsOf('5030000001', 'REFUND-1', '1.05', '0.00', 'ORIGINAL', 'SUCCESS')
export const BACK_ROW: string = [BACK, cellsOf('0.00', '0.00'), refunded, ...backTail, cellsOf('0.00', '1.05', '')].join()

/** Two payments, one with a coupon, and a refund. */
export const ALL_FILE: Buffer = file(
  ALL,
  BACK_ROW,
  COUPON_ROW,
  PAID_ROW,
  SUMMARY,
  cellsOf('3.0', '38.0', '1.05', '0.0', '0.222', '38.0', '1.05'),
)

export const SUCCESS_FILE: Buffer = file(
  SUCCESS,
  [COUPON, cellsOf('10.00', '2.00'), ...couponTail, cellsOf('10.00', '')].join(),
  [PAID, cellsOf('28.00', '0.00'), ...paidTail, cellsOf('28.00', '')].join(),
  SUMMARY,
  cellsOf(2, '38.00', '0.00', '0.00', '0.22800', '38.00', '0.00'),
)

export const REFUND_FILE: Buffer = file(
  REFUNDS,
  [BACK, cellsOf('0.00', '0.00', '2026-11-23 23:59:59', ''), refunded, ...backTail, cellsOf('0.00', '1.05', '')].join(),
  SUMMARY,
  cellsOf(1, '0.00', '1.05', '0.00', '-0.00600', '0.00', '1.05'),
)

/** The same day for a merchant from before 2018. */
export const LEGACY_FILE: Buffer = file(
  LEGACY,
  [BACK, cellsOf('0.00', '0.00'), refunded, ...backTail].join(),
  [COUPON, cellsOf('10.00', '2.00', 0, 0, 0, 0, '', ''), ...couponTail].join(),
  [PAID, cellsOf('28.00', '0.0', 0, 0, 0, 0, '', ''), ...paidTail].join(),
  LEGACY_SUMMARY,
  cellsOf(3, '38.0', '1.05', '0.0', '0.222'),
)

export const FUNDS =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号'
export const FUNDS_FILE: Buffer = file(
  FUNDS,
  cellsOf(
    '2026-11-23 10:00:00',
    '4200000001',
    '1900001',
    '交易',
    '交易',
    '收入',
    '28.00',
    '128.00',
    'system',
    '结算总金额28.00元',
    'ORDER-1',
  ),
  cellsOf('2026-11-23 10:00:00', '4200000001', '1900002', '交易', '扣除交易手续费', '支出', '0.17', '127.83', 'system', '', 'ORDER-1'),
  cellsOf('2026-11-23 23:59:59', '5030000001', '1900003', '退款', '退款', '支出', '1.05', '126.78', 'API', '缺货', 'REFUND-1'),
  '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额',
  cellsOf('3.0', '1.0', '28.0', '2.0', '1.22'),
)

export const SHARING_FILE: Buffer = file(
  '分账时间,分账发起方,分账方,微信分账/回退单号,商户分账/回退单号,微信订单号,分账接收方,分账金额(元),业务类型,处理状态',
  cellsOf('2026-11-23 11:00:00', '1900000001', '1900000109', '3008450740', 'SHARE-1', '4200000001', '1900000110', '2.80', '分账', '成功'),
  // As before 2025-01-15: cells without the backtick.
  '`2026-11-23 12:00:00,system,1900000109,`3008450741,`SHARE-1-END,`4200000001,1900000109,`25.03,分账完结,成功',
  '总笔数,总金额',
  cellsOf('2.0', '27.83'),
)

/** All rows, and the summary, of a file that arrives in these chunks. */
export function readWhole<Row, Summary>(reader: BillReader<Row, Summary>, ...chunks: Uint8Array[]): { rows: Row[]; summary: Summary } {
  const rows = chunks.flatMap((chunk) => reader.push(chunk))
  return { rows, summary: reader.end() }
}
