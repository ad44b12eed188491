// Bills: WeChat's own bytes are read and written back, with exact amounts.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  billText,
  formatBillTable,
  formatDecimal,
  parseBillTable,
  parseDecimal,
  parseFundFlowBill,
  parseTradeBill,
} from '../../src/index.ts'
import { published } from '../vectors/published.ts'

const TRADE_COLUMNS =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const SUMMARY = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'
const paidRow =
  '`2026-11-23 10:00:00,`wx1,`1900000001,`0,`,`4200,`ORDER-1,`o,`JSAPI,`SUCCESS,`OTHERS,`CNY,`28.00,`0.00,`0,`0,`0.00,`0.00,`,`,`拿铁\\ 大杯,`桌 7,`0.16800,`0.60%,`28.00,`0.00,`'
const refundRow =
  '`2026-11-23 11:00:00,`wx1,`1900000001,`0,`,`4200,`ORDER-1,`o,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5030,`REFUND-1,`1.05,`0.00,`ORIGINAL,`SUCCESS,`拿铁,`,`-0.00600,`0.60%,`0.00,`1.05,`'
const bill = `\ufeff${[TRADE_COLUMNS, paidRow, refundRow, SUMMARY, '`2.0,`28.00,`1.05,`0.00,`0.16200,`28.00,`1.05'].join('\r\n')}\r\n`

test('a trade bill becomes typed rows in fen', () => {
  const { rows, summary } = parseTradeBill(bill)
  expect(rows[0]).toMatchObject({
    trade_state: 'SUCCESS',
    out_trade_no: 'ORDER-1',
    total: 2800,
    settlement_total: 2800,
    refund: 0,
    refund_id: '',
    sub_mchid: '',
    fee_millifen: 16_800,
    description: '拿铁\\ 大杯',
    attach: '桌 7',
    more: {},
  })
  expect(rows[1]).toMatchObject({
    trade_state: 'REFUND',
    refund_id: '5030',
    out_refund_no: 'REFUND-1',
    refund: 105,
    applied_refund: 105,
    fee_millifen: -600,
  })
  expect(summary).toEqual({
    count: 2,
    settlement_total: 2800,
    refund_total: 105,
    coupon_refund_total: 0,
    fee_millifen: 16_200,
    total: 2800,
    applied_refund_total: 105,
  })
})

test('a column that this code does not know is kept by its name, wherever it stands', () => {
  const newer = bill.replace('交易时间,', '新列,交易时间,').replaceAll('\r\n`2026', '\r\n`x,`2026')
  expect(parseTradeBill(newer).rows[0]).toMatchObject({ total: 2800, more: { 新列: 'x' } })
})

test('the table is written back byte for byte', () => {
  expect(formatBillTable(parseBillTable(bill))).toBe(bill)
})

test('a fund-flow bill', () => {
  const csv = `\ufeff${[
    '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号',
    '`2026-11-23 10:00:00,`4200,`F1,`交易,`交易,`收入,`28.00,`128.00,`system,`,`4200',
    '`2026-11-23 11:00:00,`5030,`F2,`退款,`退款,`支出,`1.05,`126.95,`system,`结算,`5030',
    '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额',
    '`2,`1,`28.00,`1,`1.05',
  ].join('\r\n')}\r\n`
  const { rows, summary } = parseFundFlowBill(csv)
  expect(rows.map((row) => [row.direction, row.amount, row.balance])).toEqual([
    ['in', 2800, 12_800],
    ['out', 105, 12_695],
  ])
  expect(summary).toEqual({ count: 2, in_count: 1, in_amount: 2800, out_count: 1, out_amount: 105 })
  expect(() => parseTradeBill(csv)).toThrow('not a trade bill')
  expect(() => parseFundFlowBill(bill)).toThrow('not a fund-flow bill')
})

test('I5: every amount survives a round trip through a bill', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e11, max: 1e11 }),
      fc.constantFrom(2, 5),
      (value, decimals) => parseDecimal(formatDecimal(value, decimals), decimals) === value,
    ),
  )
})

test('C5: text written by users cannot break the table, and is returned as the bill writes it', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '\n', '`', '拿', ' ', '"') })
  fc.assert(
    fc.property(fc.array(fc.record({ 甲: cell, 乙: cell }), { maxLength: 5 }), (rows) => {
      const table = { columns: ['甲', '乙'], rows, summary: { 总: '1' } }
      const written = rows.map(({ 甲, 乙 }) => ({ 甲: billText(甲), 乙: billText(乙) }))
      expect(parseBillTable(formatBillTable(table)).rows).toEqual(written)
    }),
  )
})

describe('a bill is refused, and its line is named', () => {
  test.each([
    ['nothing', ''],
    ['no summary', `${TRADE_COLUMNS}\r\n${paidRow}\r\n`],
    ['no summary after several rows', `${[TRADE_COLUMNS, paidRow, refundRow].join('\r\n')}\r\n`],
    ['cut in the middle', bill.slice(0, bill.length - 40)],
    ['a row with a cell too many', bill.replace('`wx1,', '`wx1,`y,')],
    ['an amount that is no number', bill.replace('`28.00,`0.00,`0,`0', '`28.0O,`0.00,`0,`0')],
    ['an amount of a thousandth of a fen', bill.replace('`28.00,`0.00,`0,`0', '`28.001,`0.00,`0,`0')],
    ['an answer of another kind', '{"code":"NO_STATEMENT_EXIST"}'],
  ])('%s', (_, csv) => {
    expect(() => parseTradeBill(csv)).toThrow(expect.objectContaining({ code: 'ERR_BILL_FORMAT' }))
  })
})

test.each([
  ['too many', bill.replace(paidRow, `${paidRow},\`x`), 28],
  ['too few', bill.replace(paidRow, paidRow.slice(0, -2)), 26],
])('a row with a cell %s at its end is refused, and its line is named', (_, csv, cells) => {
  expect(() => parseTradeBill(csv)).toThrow(
    expect.objectContaining({ facts: { line: 2, problem: 'a cell too many or too few', columns: 27, cells } }),
  )
})

test('a movement that is neither in nor out is refused', () => {
  const csv = `\ufeff${[
    '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),业务凭证号',
    '`2026-11-23 10:00:00,`4200,`F1,`交易,`交易,`冻结,`28.00,`128.00,`',
    '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额',
    '`1.0,`0.0,`0.0,`1.0,`28.0',
  ].join('\r\n')}\r\n`
  expect(() => parseFundFlowBill(csv)).toThrow(
    expect.objectContaining({ facts: { line: 2, column: '收支类型', problem: 'neither 收入 nor 支出', text: '冻结' } }),
  )
  expect(parseFundFlowBill(csv.replace('冻结', '支出')).rows).toMatchObject([{ direction: 'out', amount: 2800 }])
})

describe('the published excerpt of a real bill', () => {
  const { excerpt_base64 } = published('bill-trade-all') as unknown as { excerpt_base64: string }
  const csv = Buffer.from(excerpt_base64, 'base64').toString('utf8')
  test('is refused, because its summary is that of 45 rows', () => {
    expect(() => parseTradeBill(csv)).toThrow(
      expect.objectContaining({
        facts: {
          line: 6,
          column: '总交易单数',
          problem: 'the summary differs from the sum of the rows',
          announced: '45.0',
          counted: '3',
        },
      }),
    )
  })

  test('is read with the summary of its three rows, and written back byte for byte', () => {
    const { rows, summary } = parseTradeBill(
      csv.replace('`45.0,`0.47,`0.14,`0.0,`0.08,`0.47,`0.14', '`3.0,`0.03,`0.02,`0.0,`0.01,`0.03,`0.02'),
    )
    expect(rows).toHaveLength(3)
    expect(summary).toMatchObject({ count: 3, total: 3, applied_refund_total: 2, fee_millifen: 1000 })
    const lines = (text: string) => text.split('\r\n').slice(0, 4)
    expect(lines(formatBillTable(parseBillTable(csv)))).toEqual(lines(csv))
  })
})
