// POST /pay/downloadbill and /pay/downloadfundflow: the answer is the file itself; a refusal is XML (v2-protocol §9).

import { gzipSync } from 'node:zlib'
import { type BillTable, formatBillTable } from '@cashdesk/protocol'
import { v2Bill, v2FundFlow } from '@cashdesk/protocol/v2/spec'
import { billDay } from '../../../platform/bills/days.ts'
import { entriesOf } from '../../../platform/bills/entries.ts'
import * as bills from '../../../platform/bills/tables.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { RawFile } from '../../raw-file.ts'
import { spelled, V2Failure, V2Refusal } from '../refusal.ts'
import { type V2Route, v2Route } from '../route.ts'

const ACCOUNTS = { Basic: 'BASIC', Operation: 'OPERATION' } as const

export function billRoutes(platform: Platform): V2Route[] {
  const { ledger, trades, clock } = platform
  return [
    v2Route(platform, {
      endpoint: v2Bill,
      wrong: wrongBillField,
      act: ({ merchant, body: { bill_date, bill_type = 'ALL', tar_type, sub_mch_id } }) =>
        inBillWords(() => {
          const day = billDay(dashed(bill_date), clock.now())
          const entries = entriesOf(ledger, merchant.mchid, sub_mch_id)
          // The emulator has no top-up refunds, so this bill is always empty.
          const table = bill_type === 'RECHARGE_REFUND' ? undefined : bills.tradeBill(entries, trades, day, bill_type)
          if (!table) throw noBill()
          return fileOf(table, tar_type === 'GZIP')
        }),
    }),
    v2Route(platform, {
      endpoint: v2FundFlow,
      act({ merchant, body: { bill_date, account_type, tar_type }, sign_type }) {
        if (sign_type !== 'HMAC-SHA256') throw new V2Refusal('SIGN_ERROR', '资金账单只支持 HMAC-SHA256 签名')
        const codes = { NO_STATEMENT_EXIST: 'NO_BILL_EXIST', STATEMENT_CREATING: 'BILL_CREATING' }
        const day = spelled(codes, () => billDay(dashed(bill_date), clock.now()))
        // The emulator never charges the fee account, so its bill is always empty.
        const table =
          account_type === 'Fees' ? undefined : bills.fundFlowBill(ledger.entries(), merchant.mchid, ACCOUNTS[account_type], day)
        if (!table) throw new V2Refusal('NO_BILL_EXIST', '账单不存在')
        return fileOf(table, tar_type === 'GZIP')
      },
    }),
  ]
}

function fileOf(table: BillTable, gzip: boolean): RawFile {
  const text = Buffer.from(formatBillTable(table), 'utf8')
  return new RawFile(gzip ? gzipSync(text) : text)
}

/** Turns `yyyyMMdd` into the date format of v3. */
function dashed(bill_date: string): string {
  return bill_date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
}

function noBill(): V2Failure {
  return new V2Failure('NO_BILL_EXIST', 'No Bill Exist', { error_code: '20002' })
}

/** Trade bills answer without an err_code: return_msg is the only explanation. */
function inBillWords<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'NO_STATEMENT_EXIST') throw noBill()
    throw error.code === 'STATEMENT_CREATING'
      ? new V2Failure('BILL_CREATING', 'Bill Creating')
      : new V2Failure('PARAM_ERROR', 'data format error')
  }
}

function wrongBillField(name: string, absent: boolean): V2Failure {
  if (absent) return new V2Failure('LACK_PARAMS', 'missing parameter')
  return name === 'bill_type' ? new V2Failure('PARAM_ERROR', 'invalid bill_type') : new V2Failure('PARAM_ERROR', 'data format error')
}
