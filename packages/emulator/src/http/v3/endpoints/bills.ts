// Bills: applying for one and downloading its file (v3-endpoints §5). All are computed from the ledger.

import type { BillTable } from '@cashdesk/protocol'
import { fundFlowBill, profitSharingBill, subMerchantFundFlowBill, tradeBill } from '@cashdesk/protocol/spec'
import { billDay, noStatement } from '../../../platform/bills/days.ts'
import { entriesOf } from '../../../platform/bills/entries.ts'
import { BILL_FILE_PATH } from '../../../platform/bills/files.ts'
import * as bills from '../../../platform/bills/tables.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { RawFile } from '../../raw-file.ts'
import { type Route, route } from '../route.ts'
import { checkSubMerchant } from './order-rules.ts'

export function billRoutes({ ledger, trades, billFiles, clock }: Platform): Route[] {
  return [
    route(tradeBill, ({ merchant, query, origin }) => {
      if (query.sub_mchid !== undefined) checkSubMerchant(merchant, query.sub_mchid)
      const day = billDay(query.bill_date, clock.now())
      const type = ROWS[query.bill_type ?? 'ALL']
      const table = type && bills.tradeBill(entriesOf(ledger, merchant.mchid, query.sub_mchid), trades, day, type)
      return billFiles.publish(merchant.mchid, existing(table), { gzip: query.tar_type === 'GZIP', origin })
    }),
    route(fundFlowBill, ({ merchant, query, origin }) => {
      const day = billDay(query.bill_date, clock.now())
      const account = query.account_type ?? 'BASIC'
      // The emulator never charges the fee account, so its bill is always empty.
      const table = account === 'FEES' ? undefined : bills.fundFlowBill(ledger.entries(), merchant.mchid, account, day)
      return billFiles.publish(merchant.mchid, existing(table), { gzip: query.tar_type === 'GZIP', origin })
    }),
    route(subMerchantFundFlowBill, ({ merchant, query, origin }) => {
      checkSubMerchant(merchant, query.sub_mchid)
      if (query.algorithm === 'SM4_GCM') throw new Refusal(400, 'INVALID_REQUEST', '模拟器不支持国密算法 SM4_GCM')
      const { account_type: account } = query
      const day = billDay(query.bill_date, clock.now())
      const table =
        account === 'BASIC' || account === 'OPERATION' ? bills.fundFlowBill(ledger.entries(), query.sub_mchid, account, day) : undefined
      const how = { gzip: query.tar_type === 'GZIP', origin, publicKey: merchant.publicKey }
      return billFiles.publishSealed(merchant.mchid, existing(table), how)
    }),
    route(profitSharingBill, ({ merchant, query, origin }) => {
      if (query.sub_mchid !== undefined) checkSubMerchant(merchant, query.sub_mchid)
      const day = billDay(query.bill_date, clock.now())
      const table = bills.profitSharingBill(entriesOf(ledger, merchant.mchid, query.sub_mchid), day)
      return billFiles.publish(merchant.mchid, existing(table), { gzip: query.tar_type === 'GZIP', origin })
    }),
    {
      method: 'GET',
      path: BILL_FILE_PATH,
      errors: [],
      serve: ({ merchant, query }) => new RawFile(billFiles.fetch(merchant.mchid, query.get('token') ?? '')),
    },
  ]
}

/** The rows of each type. The emulator has no refunds of top-ups, and the special bills have the rows of the plain ones. */
const ROWS = {
  ALL: 'ALL',
  SUCCESS: 'SUCCESS',
  REFUND: 'REFUND',
  RECHARGE_REFUND: undefined,
  ALL_SPECIAL: 'ALL',
  SUC_SPECIAL: 'SUCCESS',
  REF_SPECIAL: 'REFUND',
} as const

function existing(table: BillTable | undefined): BillTable {
  if (!table) throw noStatement()
  return table
}
