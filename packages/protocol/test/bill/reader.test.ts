// The reader of bills: the same rows wherever chunks are cut, in every layout; the day's money; and what others' parsers fell over.

import { isDeepStrictEqual } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  type BillReader,
  billText,
  fundFlowBillReader,
  type MessageError,
  parseFundFlowBill,
  parseTradeBill,
  sharingBillReader,
  type TradeLine,
  tradeBillReader,
} from '../../src/index.ts'
import * as files from './files.ts'
import { ALL_FILE, BACK_ROW, cellsOf, DAY, FUNDS_FILE, file, LEGACY_FILE, PAID_ROW, REFUND_FILE, readWhole, SUCCESS_FILE } from './files.ts'

const readers: [string, Buffer, () => BillReader<unknown, unknown>][] = [
  ['ALL', ALL_FILE, () => tradeBillReader({ ...DAY, bill_type: 'ALL' })],
  ['SUCCESS', SUCCESS_FILE, () => tradeBillReader({ ...DAY, bill_type: 'SUCCESS' })],
  ['REFUND', REFUND_FILE, () => tradeBillReader({ ...DAY, bill_type: 'REFUND' })],
  ['legacy', LEGACY_FILE, () => tradeBillReader(DAY)],
  ['fund-flow', FUNDS_FILE, () => fundFlowBillReader(DAY)],
  ['sharing', files.SHARING_FILE, () => sharingBillReader(DAY)],
]

function outcome(reader: BillReader<unknown, unknown>, bytes: Buffer): unknown {
  try {
    return readWhole(reader, bytes)
  } catch (error) {
    return (error as MessageError).code
  }
}

const all = (bytes: Buffer) => readWhole(tradeBillReader(DAY), bytes)

describe.each(readers)('%s', (_, bytes, reader) => {
  const whole = readWhole(reader(), bytes)

  test('cut in two at every byte, within characters and line ends too, the rows are the same', () => {
    expect(whole.rows.length).toBeGreaterThan(0)
    for (let at = 0; at <= bytes.length; at++) expect(readWhole(reader(), bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole)
  })

  test.each([1, 2, 3, 7, 64])('in chunks of %i bytes, in memory that is used again, the rows are the same', (size) => {
    const memory = Buffer.alloc(size)
    const one = reader()
    const rows: unknown[] = []
    for (let at = 0; at < bytes.length; at += size) {
      const length = bytes.copy(memory, 0, at, at + size)
      rows.push(...one.push(memory.subarray(0, length)))
    }
    expect({ rows, summary: one.end() }).toEqual(whole)
  })

  test('with LF instead of CRLF, and without the byte order mark, the rows are the same', () => {
    const plain = Buffer.from(bytes.toString('utf8').replace('\ufeff', '').replaceAll('\r\n', '\n'))
    expect(readWhole(reader(), plain)).toEqual(whole)
  })

  test('cut short anywhere, it is refused, or says the same', () => {
    for (let at = 0; at < bytes.length; at++) {
      const cut = outcome(reader(), bytes.subarray(0, at))
      // Without its last zero the sum is the same. A bill of profit sharing may end before its summary: then it says so.
      if (cut !== 'ERR_BILL_FORMAT' && !isDeepStrictEqual(cut, whole)) expect(cut).toMatchObject({ summary: { announced: false } })
    }
  })
})

test('a trade bill is typed: times, fen, thousandths of a fen, millionths', () => {
  const { rows, summary } = all(ALL_FILE)
  expect(rows[0]).toEqual({
    line: 2,
    at: Date.parse('2026-11-23T23:59:59+08:00'),
    appid: 'wx0123456789abcdef',
    mchid: '1900000001',
    sub_mchid: '',
    transaction_id: '4200000001',
    out_trade_no: 'ORDER-1',
    openid: 'oUpF8uMu',
    trade_type: 'JSAPI',
    trade_state: 'REFUND',
    currency: 'CNY',
    total: 0,
    settlement_total: 0,
    coupon_total: 0,
    refund_id: '5030000001',
    out_refund_no: 'REFUND-1',
    refund: 105,
    applied_refund: 105,
    coupon_refund: 0,
    refund_type: 'ORIGINAL',
    refund_status: 'SUCCESS',
    fee_millifen: -600,
    rate: '0.60%',
    rate_ppm: 6000,
    bank_type: 'OTHERS',
    device_id: '',
    description: '拿铁',
    attach: '',
    rate_note: '',
    more: undefined,
  })
  expect(rows[2]).toMatchObject({ line: 4, total: 2800, fee_millifen: 16_800, refund_id: '', out_refund_no: '', attach: '{"table":7}' })
  expect(summary).toEqual({
    count: 3,
    settlement_total: 3800,
    refund_total: 105,
    coupon_refund_total: 0,
    fee_millifen: 22_200,
    total: 3800,
    applied_refund_total: 105,
  })
})

test('the layout is known after the header', () => {
  const reader = tradeBillReader()
  const header = LEGACY_FILE.indexOf('\n') + 1
  reader.push(LEGACY_FILE.subarray(0, header - 1))
  expect(reader.layout).toBeUndefined()
  reader.push(LEGACY_FILE.subarray(header - 1, header))
  expect(reader.layout).toBe('legacy')
  const other = tradeBillReader()
  other.push(ALL_FILE)
  expect(other.layout).toBe('new')
})

test('C3: the old layout and the new one of the same day give the same rows and the same sums', () => {
  expect(all(LEGACY_FILE)).toEqual(all(ALL_FILE))
  expect(parseTradeBill(LEGACY_FILE.toString())).toEqual(parseTradeBill(ALL_FILE.toString()))
})

test.each([
  ['总金额', '合计金额', '订单金额'],
  ['代金券或立减优惠金额', '优惠', '代金券或立减优惠金额'],
  ['退款金额', '退的钱', '退款金额'],
  ['总交易额', '总额', '订单总金额'],
])('C3: without the column %s the bill is refused, not read as 0 fen', (name, renamed, missing) => {
  const without = LEGACY_FILE.toString().replace(`,${name},`, `,${renamed},`)
  expect(() => parseTradeBill(without)).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ problem: 'a column is missing', missing }) }),
  )
})

test('C3: the names of a red packet from WeChat are those of a coupon', () => {
  const older = LEGACY_FILE.toString()
    .replace('代金券或立减优惠金额', '企业红包金额')
    .replace(',代金券或立减优惠退款金额', ',企业红包退款金额')
    .replace('总代金券或立减优惠退款金额', '总企业红包退款金额')
  expect(all(Buffer.from(older))).toEqual(all(LEGACY_FILE))
})

test('C5: a text is what the bill says, because a backslash may have been there before', () => {
  for (const written of ['a\\ b', 'C:\\new\\ folder', 'a\\nb', '\\\\ ']) {
    const [row] = all(file(files.ALL, PAID_ROW.replace('拿铁\\ 大杯', written), files.SUMMARY, cellsOf(1, 28, 0, 0, '0.168', 28, 0))).rows
    expect(row?.description).toBe(written)
  }
  expect(billText('a,b\nc')).toBe('a\\ b\\nc')
})

test('C6: a comma in a name does no harm', () => {
  expect(all(ALL_FILE).rows[1]).toMatchObject({ description: '美式, 中杯', total: 1000, attach: '' })
  expect(parseTradeBill(ALL_FILE.toString()).rows[1]).toMatchObject({ description: '美式, 中杯' })
})

test('columns in another order, and new ones, are found by their names', () => {
  const turned = (line: string): string =>
    line.startsWith('`')
      ? `\`新,${line
          .split(',`')
          .reverse()
          .map((cell) => `\`${cell.replace('`', '')}`)
          .join()}`
      : `新列,${line.split(',').reverse().join()}`
  const lines = ALL_FILE.toString().replace('\ufeff', '').trim().split('\r\n')
  const { rows, summary } = all(file(...lines.slice(0, 4).map(turned), ...lines.slice(4)))
  expect(rows.map((row) => row.more)).toEqual(Array(3).fill({ 新列: '新' }))
  expect(rows.map((row) => ({ ...row, more: undefined }))).toEqual(all(ALL_FILE).rows)
  expect(summary).toEqual(all(ALL_FILE).summary)
})

test('full-width brackets in the header are brackets', () => {
  const wide = FUNDS_FILE.toString().replaceAll('(元)', '（元）')
  expect(readWhole(fundFlowBillReader(DAY), Buffer.from(wide))).toEqual(readWhole(fundFlowBillReader(DAY), FUNDS_FILE))
})

test('a code payment that was revoked has the number of its payment', () => {
  const revoked = PAID_ROW.replace('SUCCESS', 'REVOKED').replaceAll('28.00', '0.00').replace('0.16800', '0.00000')
  const { rows } = all(file(files.ALL, PAID_ROW, revoked, files.SUMMARY, cellsOf(2, 28, 0, 0, '0.168', 28, 0)))
  expect(rows.map((row) => row.trade_state)).toEqual(['SUCCESS', 'REVOKED'])
})

test('a refund that its merchant calls 0 has that number; a payment has none', () => {
  const { rows } = all(Buffer.from(ALL_FILE.toString().replace('REFUND-1', '0')))
  expect(rows.map((row) => row.out_refund_no)).toEqual(['0', '', ''])
})

test('a day without rows is a bill, and no bytes are none', () => {
  expect(all(file(files.ALL, files.SUMMARY, cellsOf('0.0', 0, 0, 0, 0, 0, 0)))).toMatchObject({ rows: [], summary: { count: 0, total: 0 } })
  expect(() => tradeBillReader().end()).toThrow(expect.objectContaining({ facts: { line: 1, problem: 'the file is empty' } }))
})

test('the bill of profit sharing, with Chinese names and with English ones', () => {
  const { rows, summary } = readWhole(sharingBillReader(DAY), files.SHARING_FILE)
  expect(rows).toMatchObject([
    { order_id: '3008450740', out_order_no: 'SHARE-1', amount: 280, receiver: '1900000110', business_type: '分账', status: '成功' },
    { order_id: '3008450741', amount: 2503, initiator: 'system', business_type: '分账完结' },
  ])
  expect(summary).toEqual({ count: 2, amount: 2783, announced: true })
  const english = file(
    'create_time,initiator,sponsor,sub_mchid,transaction_id,order_id,out_order_no,detail_id,receiver_account,amount,currency,settlement_amount,business_type,status,description',
    cellsOf(
      '2026-11-23 11:00:00',
      'system',
      '19',
      '20',
      '42',
      '30',
      'S-1',
      '36',
      '1900000110',
      '2.80',
      'CNY',
      '2.80',
      'share',
      'SUCCESS',
      'a, b',
    ),
  )
  const other = readWhole(sharingBillReader(DAY), english)
  expect(other.rows).toMatchObject([
    { sub_mchid: '20', detail_id: '36', amount: 280, description: 'a, b', more: { settlement_amount: '2.80' } },
  ])
  expect(other.summary).toEqual({ count: 1, amount: 280, announced: false })
})

describe('what others’ parsers fell over (bills §7)', () => {
  test('WxJava#308, #1275: columns shift by bill type and legacy format', () => {
    const [success, refunds, legacy] = [SUCCESS_FILE, REFUND_FILE, LEGACY_FILE].map((bytes) => all(bytes).rows)
    const rows = all(ALL_FILE).rows
    const money = ({ line: _, more: __, ...row }: TradeLine) => row
    expect([...(refunds ?? []), ...(success ?? [])].map(money)).toEqual(rows.map(money))
    expect(legacy?.map(money)).toEqual(rows.map(money))
    expect(refunds?.[0]?.more).toEqual({ 退款申请时间: '2026-11-23 23:59:59', 退款成功时间: '' })
  })

  test('weixin-java-pay-demo#138: a day without trades is JSON or nothing, and is told from a bill', () => {
    const json = Buffer.from('{"code":"NO_STATEMENT_EXIST","message":"账单文件不存在"}')
    expect(() => all(json)).toThrow(expect.objectContaining({ facts: { line: 1, problem: 'JSON instead of a bill' } }))
  })

  test('WeiXinMPSDK#670: gzip is not read as text', () => {
    expect(() => all(gzipSync(ALL_FILE))).toThrow(expect.objectContaining({ facts: { line: 1, problem: 'still packed with gzip' } }))
  })

  test('cents are not lost by float × 100', () => {
    for (const yuan of ['0.29', '1.15', '4.35', '8.20', '16.40', '1001.10', '9999999999.99', '70368744177.65']) {
      const fen = Number(yuan.replace('.', ''))
      const [row] = all(file(files.ALL, PAID_ROW.replaceAll('28.00', yuan), files.SUMMARY, cellsOf(1, yuan, 0, 0, '0.168', yuan, 0))).rows
      expect(row?.total).toBe(fen)
    }
  })

  test('DCloud 30956: 6.00 + 4.00 is not 5.99 + 4.01, although the totals agree', () => {
    const refunds = (...amounts: [string, string]): Buffer => {
      const row = (amount: string, i: number): string => BACK_ROW.replaceAll('1.05', amount).replaceAll('5030000001', `503000000${i}`)
      return file(files.ALL, ...amounts.map(row), files.SUMMARY, cellsOf(2, 0, '10.0', 0, '-0.012', 0, '10.0'))
    }
    expect(all(refunds('6.00', '4.00')).rows.map((row) => row.applied_refund)).toEqual([600, 400])
    expect(all(refunds('5.99', '4.01')).rows.map((row) => row.applied_refund)).toEqual([599, 401])
  })
})

test('parseFundFlowBill and the reader give the same rows', () => {
  const { rows, summary } = readWhole(fundFlowBillReader(DAY), FUNDS_FILE)
  const parsed = parseFundFlowBill(FUNDS_FILE.toString())
  expect(parsed.summary).toEqual(summary)
  expect(parsed.rows).toEqual(
    rows.map(({ line: _, at, more = {}, ...row }) => ({
      ...row,
      time: new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' '),
      more,
    })),
  )
})
