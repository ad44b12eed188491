// What is no bill, or another one, is refused whole, with the line, the column and the problem.

import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type BillExpectation, fundFlowBillReader, type MessageError, sharingBillReader, tradeBillReader } from '../../src/index.ts'
import * as files from './files.ts'
import {
  ALL,
  ALL_FILE,
  BACK_ROW,
  COUPON_ROW,
  cellsOf,
  DAY,
  FUNDS_FILE,
  file,
  PAID_ROW,
  REFUND_FILE,
  readWhole,
  SUCCESS_FILE,
  SUMMARY,
} from './files.ts'

function problemOf(
  bytes: Uint8Array,
  expected: BillExpectation = DAY,
  make: typeof tradeBillReader | typeof fundFlowBillReader = tradeBillReader,
) {
  try {
    readWhole(make(expected) as ReturnType<typeof tradeBillReader>, bytes)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_BILL_FORMAT' })
    return (error as MessageError).facts
  }
  return 'read'
}

const text = ALL_FILE.toString()
const edited = (from: string | RegExp, to: string): Buffer => Buffer.from(text.replace(from, to))
const sums = cellsOf('3.0', '38.0', '1.05', '0.0', '0.222', '38.0', '1.05')

test.each<[string, Uint8Array, object]>([
  [
    'another encoding: GBK',
    Buffer.concat([Buffer.from(`${ALL}\r\n${PAID_ROW.slice(0, 200)}`), Buffer.from([0xc4, 0xc3]), Buffer.from('\r\n')]),
    { line: 2, problem: 'not UTF-8: perhaps GBK' },
  ],
  ['another encoding: a header in GBK', Buffer.from([0xbd, 0xbb, 0xd2, 0xd7, 0x2c, 0x0a]), { line: 1, problem: 'not UTF-8: perhaps GBK' }],
  ['UTF-16', Buffer.from(text, 'utf16le'), { line: 1, problem: 'not UTF-8 but UTF-16' }],
  ['UTF-16 without its mark', Buffer.from(text.slice(1), 'utf16le'), { line: 1, problem: 'a NUL byte: perhaps UTF-16' }],
  ['a NUL byte', edited('拿铁\\ 大杯', '拿\0铁'), { line: 4, problem: 'a NUL byte: perhaps UTF-16' }],
  ['an HTML page', Buffer.from('\r\n <!DOCTYPE html><html>502</html>'), { line: 1, problem: 'an HTML or XML page instead of a bill' }],
  [
    'an XML refusal',
    Buffer.from('<xml><return_code>FAIL</return_code></xml>'),
    { line: 1, problem: 'an HTML or XML page instead of a bill' },
  ],
  [
    'a page without line ends, larger than a line',
    Buffer.from(`<html>${'x'.repeat(70_000)}`),
    { line: 1, problem: 'an HTML or XML page instead of a bill' },
  ],
  ['gzip', gzipSync(ALL_FILE), { line: 1, problem: 'still packed with gzip' }],
  ['nothing', Buffer.alloc(0), { line: 1, problem: 'the file is empty' }],
  ['a byte order mark alone', Buffer.from('\ufeff'), { line: 1, problem: 'no header' }],
  ['a row instead of the header', Buffer.from(`${PAID_ROW}\r\n`), { line: 1, problem: 'a row where the names of the columns should be' }],
  ['another file', file('a,b', '`1,`2', 'c', '`1'), { line: 1, problem: 'not a trade bill', missing: '交易状态' }],
  ['a fund-flow bill', FUNDS_FILE, { line: 1, problem: 'not a trade bill', missing: '交易状态' }],
  ['a column that is missing', edited(/,订单金额/, ',金额'), { line: 1, problem: 'a column is missing', missing: '订单金额' }],
  [
    'a refund column that is missing',
    edited(/,申请退款金额/, ',金额'),
    { line: 1, problem: 'a column is missing', missing: '申请退款金额' },
  ],
  ['a column twice', edited('设备号', '商户号'), { line: 1, column: '商户号', problem: 'two columns of the same name' }],
  ['a cell too many', edited('`拿铁,', '`拿铁,`,'), { line: 2, problem: 'a cell too many or too few', columns: 27, cells: 28 }],
  ['an empty line between rows', edited('\r\n`', '\r\n\r\n`'), { line: 2, problem: 'an empty line' }],
  ['a line that is neither row nor summary', edited('\r\n`', '\r\nnote\r\n`'), { line: 2, problem: 'neither a row nor the summary' }],
  ['no summary', file(ALL, PAID_ROW), { line: 2, problem: 'no summary: the file is cut' }],
  ['a summary without values', file(ALL, PAID_ROW, SUMMARY), { line: 3, problem: 'no summary: the file is cut' }],
  [
    'a summary without backticks',
    file(ALL, PAID_ROW, SUMMARY, '1,28,0,0,0.168,28,0'),
    { line: 4, problem: 'the values of the summary lack the backtick' },
  ],
  [
    'a summary that lacks a column',
    file(ALL, PAID_ROW, '总交易单数', '`1'),
    { line: 3, problem: 'a column is missing', missing: '订单总金额' },
  ],
  ['data after the summary', Buffer.from(`${text}\`1\r\n`), { line: 7, problem: 'data after the summary' }],
  ['two bills in one file', Buffer.concat([ALL_FILE, ALL_FILE]), { line: 7, problem: 'data after the summary' }],
  [
    'a row too few',
    file(ALL, BACK_ROW, PAID_ROW, SUMMARY, sums),
    { line: 5, column: '总交易单数', problem: 'the summary differs from the sum of the rows', announced: '3.0', counted: '2' },
  ],
  [
    'a row doubled',
    file(ALL, BACK_ROW, PAID_ROW, PAID_ROW, SUMMARY, sums),
    { line: 4, column: '微信订单号', problem: 'the same trade twice', text: '4200000001' },
  ],
  [
    'a refund doubled',
    file(ALL, BACK_ROW, BACK_ROW, PAID_ROW, SUMMARY, sums),
    { line: 3, column: '微信订单号', problem: 'the same trade twice', text: '5030000001' },
  ],
  [
    'a changed fen',
    edited('`38.0,`1.05', '`38.01,`1.05'),
    { line: 6, column: '应结订单总金额', problem: 'the summary differs from the sum of the rows', announced: '38.01', counted: '38.00' },
  ],
  [
    'fees added up without their sign',
    edited('`0.222', '`0.234'),
    { line: 6, column: '手续费总金额', problem: 'the summary differs from the sum of the rows', announced: '0.234', counted: '0.22200' },
  ],
  [
    'another merchant',
    edited('`1900000001', '`1900000002'),
    { line: 2, column: '商户号', problem: 'of another merchant than 1900000001', text: '1900000002' },
  ],
  [
    'a time of the day before',
    edited('2026-11-23 23', '2026-11-22 23'),
    { line: 2, column: '交易时间', problem: 'outside the day 2026-11-23', text: '2026-11-22 23:59:59' },
  ],
  [
    'midnight of the next day',
    edited('2026-11-23 23:59:59', '2026-11-24 00:00:00'),
    { line: 2, column: '交易时间', problem: 'outside the day 2026-11-23', text: '2026-11-24 00:00:00' },
  ],
  [
    'a day that there is not',
    edited('2026-11-23', '2026-11-31'),
    { line: 2, column: '交易时间', problem: 'not a time of the form YYYY-MM-DD HH:mm:ss', text: '2026-11-31 23:59:59' },
  ],
  [
    'a year that there was not',
    edited('2026-11-23', '0026-11-23'),
    { line: 2, column: '交易时间', problem: 'not a time of the form YYYY-MM-DD HH:mm:ss', text: '0026-11-23 23:59:59' },
  ],
  [
    'an hour that there is not',
    edited('23 23:', '23 24:'),
    { line: 2, column: '交易时间', problem: 'not a time of the form YYYY-MM-DD HH:mm:ss', text: '2026-11-23 24:59:59' },
  ],
  [
    'a state that there is not',
    edited('`REFUND,', '`REFUNDED,'),
    { line: 2, column: '交易状态', problem: 'not a state of a trade', text: 'REFUNDED' },
  ],
  ['a refund without its number', edited('`5030000001', '`0'), { line: 2, column: '微信退款单号', problem: 'a refund without its number' }],
  ['a trade without its number', edited('`4200000001', '`'), { line: 2, column: '微信订单号', problem: 'no number' }],
  ['an amount with a letter', edited('`28.00', '`28.O0'), { line: 4, column: '应结订单金额', problem: 'not an amount', text: '28.O0' }],
  ['no amount', edited('`28.00', '`'), { line: 4, column: '应结订单金额', problem: 'not an amount', text: '' }],
  ['a part of a fen', edited('`28.00', '`28.00001'), { line: 4, column: '应结订单金额', problem: 'not an amount', text: '28.00001' }],
  [
    'a fee that no integer of thousandths of a fen holds',
    edited('`0.16800', '`9999999999999.00000'),
    { line: 4, column: '手续费', problem: 'not an amount', text: '9999999999999.00000' },
  ],
  ['a rate without its sign', edited('`0.60%', '`0.006'), { line: 2, column: '费率', problem: 'not a percentage', text: '0.006' }],
  ['a huge cell', edited('拿铁\\ 大杯', 'x'.repeat(8193)), { line: 4, column: '商品名称', problem: 'a cell is longer than 8192 bytes' }],
  ['a huge line', edited('拿铁\\ 大杯', 'x,`'.repeat(30_000)), { line: 4, problem: 'a line is longer than 65536 bytes' }],
  ['a line without end', Buffer.from(`${ALL}\r\n\`${'x'.repeat(70_000)}`), { line: 2, problem: 'a line is longer than 65536 bytes' }],
])('%s', (_, bytes, facts) => {
  expect(problemOf(bytes)).toEqual(facts)
  // The same when it arrives in pieces.
  const reader = tradeBillReader(DAY)
  const inPieces = () => {
    for (let at = 0; at < bytes.length; at += 1000) reader.push(bytes.subarray(at, at + 1000))
    reader.end()
  }
  expect(inPieces).toThrow(expect.objectContaining({ facts }))
  // What was refused stays refused.
  expect(() => reader.end()).toThrow(expect.objectContaining({ facts: { problem: 'this file was refused before' } }))
})

test('a bill of another type than asked for', () => {
  expect(problemOf(SUCCESS_FILE, { ...DAY, bill_type: 'ALL' })).toMatchObject({ problem: 'a column is missing', missing: '退款金额' })
  expect(problemOf(ALL_FILE, { ...DAY, bill_type: 'SUCCESS' })).toMatchObject({ line: 2, problem: 'a refund in a bill of payments' })
  expect(problemOf(ALL_FILE, { ...DAY, bill_type: 'REFUND' })).toMatchObject({ line: 3, problem: 'a payment in a bill of refunds' })
  expect(problemOf(REFUND_FILE, { ...DAY, bill_type: 'REFUND' })).toBe('read')
})

test('without an expectation any day and merchant is read, and a date that there is not is no expectation', () => {
  expect(() => readWhole(tradeBillReader(), edited('2026-11-23', '2025-01-01'))).not.toThrow()
  expect(() => tradeBillReader({ date: '2026-02-30', mchid: '1' })).toThrow(RangeError)
})

const funds = FUNDS_FILE.toString()
test.each<[string, string, string, object]>([
  ['a direction that is none', '`收入', '`冻结', { line: 2, column: '收支类型', problem: 'neither 收入 nor 支出', text: '冻结' }],
  [
    'a signed amount',
    '`0.17',
    '`-0.17',
    { line: 3, column: '收支金额(元)', problem: 'an amount below zero: the sign is the direction', text: '-0.17' },
  ],
  ['a movement without number', '`1900001', '`', { line: 2, column: '资金流水单号', problem: 'no number' }],
  [
    'a movement twice',
    '`1900002,`交易,`扣除交易手续费',
    '`1900003,`交易,`退款',
    { line: 4, column: '资金流水单号', problem: 'the same movement twice', text: '1900003' },
  ],
  [
    'another day',
    '2026-11-23 10',
    '2026-11-24 10',
    { line: 2, column: '记账时间', problem: 'outside the day 2026-11-23', text: '2026-11-24 10:00:00' },
  ],
  ['a sum', '`1.22', '`1.23', { line: 6, column: '支出金额', announced: '1.23', counted: '1.22' }],
  ['a count', '`1.0,`28.0', '`2.0,`28.0', { line: 6, column: '收入笔数', announced: '2.0', counted: '1' }],
  ['a column that is missing', ',业务凭证号', ',凭证', { line: 1, problem: 'a column is missing', missing: '业务凭证号' }],
])('of a fund-flow bill: %s', (_, from, to, facts) => {
  expect(problemOf(Buffer.from(funds.replace(from, to)), DAY, fundFlowBillReader)).toMatchObject(facts)
})

test('of a bill of profit sharing: doubled, of another day, with a wrong sum, cut within its last row', () => {
  const sharing = files.SHARING_FILE.toString()
  const problem = (from: string | RegExp, to: string) => () => readWhole(sharingBillReader(DAY), Buffer.from(sharing.replace(from, to)))
  expect(problem('`27.83', '`27.84')).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ announced: '27.84', counted: '27.83' }) }),
  )
  expect(problem('2026-11-23', '2026-11-22')).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ line: 2, column: '分账时间' }) }),
  )
  expect(problem(/(`2026-11-23 11.*\r\n)/, '$1$1')).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ problem: 'the same share twice' }) }),
  )
  expect(problem(/\r\n总笔数[\s\S]*/, '')).toThrow(
    expect.objectContaining({ facts: { line: 3, problem: 'the last row has no line end: the file is cut' } }),
  )
  expect(problem('分账金额(元)', '钱')).toThrow(
    expect.objectContaining({ facts: { line: 1, problem: 'a column is missing', missing: '分账金额(元)' } }),
  )
})

test('all rows of one coupon bill are read in any order', () => {
  expect(problemOf(file(ALL, COUPON_ROW, PAID_ROW, BACK_ROW, SUMMARY, sums))).toBe('read')
})

test('a doubled row is left to whoever takes the rows, if that is wished', () => {
  const twice = file(ALL, BACK_ROW, PAID_ROW, PAID_ROW, SUMMARY, cellsOf(3, 56, '1.05', 0, '0.33', 56, '1.05'))
  expect(problemOf(twice)).toMatchObject({ line: 4, problem: 'the same trade twice' })
  expect(problemOf(twice, { ...DAY, distinct: false })).toBe('read')
})
