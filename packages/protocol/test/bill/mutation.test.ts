// Any byte of a valid bill is changed to any of a dozen others: the file is refused, or only such cells differ that the file alone cannot prove. The test
// states exactly which these are, and what finds them instead.

import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type BillReader, fundFlowBillReader, type MessageError, sharingBillReader, tradeBillReader } from '../../src/index.ts'
import { ALL_FILE, DAY, FUNDS_FILE, LEGACY_FILE, REFUND_FILE, readWhole, SHARING_FILE, SUCCESS_FILE } from './files.ts'

/** Texts that carry no money, number or time: nobody compares them, the hash of the download protects them. */
const SILENT = ['attach', 'bank_type', 'description', 'device_id', 'rate_note', 'applicant', 'remark', 'more']

/** Not in any sum: found by the comparison with the ledger, with the other bills, with the contract (rate) or along the chain of balances. */
const TRADE_BY_COMPARISON = [
  'appid',
  'at',
  'coupon_total',
  'currency',
  'openid',
  'out_refund_no',
  'out_trade_no',
  'rate',
  'rate_ppm',
  'refund_id',
  'refund_status',
  'refund_type',
  'sub_mchid',
  'trade_type',
  'transaction_id',
]
const FUNDS_BY_COMPARISON = ['at', 'balance', 'business_id', 'business_name', 'business_type', 'flow_id', 'voucher']
const SHARING_BY_COMPARISON = [
  'at',
  'business_type',
  'initiator',
  'order_id',
  'out_order_no',
  'receiver',
  'sponsor',
  'status',
  'transaction_id',
]

type Row = Readonly<Record<string, unknown>>
type Whole = { rows: Row[]; summary: unknown }

const REPLACEMENTS = [...Buffer.from('019-.,` \r\nA'), 0x00, 0xe6]

/** The fields that some change of one byte changes without being refused. */
function unrefused(bytes: Buffer, reader: () => BillReader<object, unknown>): Set<string> {
  const whole = readWhole(reader(), bytes) as Whole
  const found = new Set<string>()
  const changed = Buffer.from(bytes)
  for (const [at, byte] of bytes.entries()) {
    for (const other of [...REPLACEMENTS, byte ^ 1]) {
      changed[at] = other
      for (const field of differences(whole, attempt(reader(), changed))) found.add(field)
    }
    changed[at] = byte
  }
  return found
}

function attempt(reader: BillReader<object, unknown>, bytes: Buffer): Whole | undefined {
  try {
    return readWhole(reader, bytes) as Whole
  } catch (error) {
    if ((error as MessageError).code !== 'ERR_BILL_FORMAT') throw error
    return undefined
  }
}

function differences(whole: Whole, other: Whole | undefined): string[] {
  if (!other) return []
  if (other.rows.length !== whole.rows.length) return ['a row too many or too few']
  const fields = other.rows.flatMap((row, i) => Object.keys(row).filter((name) => !isDeepStrictEqual(row[name], whole.rows[i]?.[name])))
  return isDeepStrictEqual(other.summary, whole.summary) ? fields : [...fields, 'summary']
}

describe('one changed byte: no amount of a sum, no count, no merchant, no direction changes without a refusal', () => {
  const seen = (found: Set<string>): string[] => [...found].filter((field) => !SILENT.includes(field)).sort()

  test.each([
    ['ALL', ALL_FILE],
    ['legacy', LEGACY_FILE],
  ])('%s', (_, bytes) => {
    expect(seen(unrefused(bytes, () => tradeBillReader(DAY)))).toEqual(TRADE_BY_COMPARISON)
  })

  test('SUCCESS', () => {
    const refunds = ['out_refund_no', 'refund_id', 'refund_status', 'refund_type']
    expect(seen(unrefused(SUCCESS_FILE, () => tradeBillReader(DAY)))).toEqual(TRADE_BY_COMPARISON.filter((name) => !refunds.includes(name)))
  })

  test('REFUND', () => {
    expect(seen(unrefused(REFUND_FILE, () => tradeBillReader(DAY)))).toEqual(TRADE_BY_COMPARISON)
  })

  test('fund-flow', () => {
    expect(seen(unrefused(FUNDS_FILE, () => fundFlowBillReader(DAY)))).toEqual(FUNDS_BY_COMPARISON)
  })

  test('sharing', () => {
    expect(seen(unrefused(SHARING_FILE, () => sharingBillReader(DAY)))).toEqual(SHARING_BY_COMPARISON)
  })
})
