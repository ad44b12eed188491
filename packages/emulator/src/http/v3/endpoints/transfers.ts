// Merchant transfers over HTTP: create, query by both numbers, cancel (merchant-transfer.md).

import { transferCancel, transferCreate, transferQueryByBillNo, transferQueryByOutBillNo } from '@cashdesk/protocol/spec'
import type { Platform } from '../../../platform/platform.ts'
import { invalidRequest, Refusal } from '../../../platform/refusal.ts'
import { checkScene } from '../../../platform/transfers/scenes.ts'
import { cancelAnswer, createAnswer, queryAnswer, type TransferRecord } from '../../../platform/transfers/transfer.ts'
import { type Route, route } from '../route.ts'
import { openField } from '../sensitive.ts'
import { checkAppid, checkNotifyUrl } from './order-rules.ts'

export function transferRoutes({ transfers, merchants, secrets }: Platform): Route[] {
  return [
    route(transferCreate, ({ merchant, body, headers }) => {
      const { user_name, ...request } = body
      checkAppid(secrets, merchant.appids, request.appid)
      if (request.notify_url !== undefined) checkNotifyUrl(request.notify_url)
      checkScene(request)
      const name = user_name === undefined ? undefined : openField({ merchants, merchant, headers }, '/user_name', user_name)
      return createAnswer(transfers.create(merchant.mchid, request, name))
    }),
    route(transferQueryByOutBillNo, ({ merchant, parts }) => {
      return queryAnswer(found(transfers.find(merchant.mchid, { out_bill_no: parts['out_bill_no'] })), merchant)
    }),
    route(transferQueryByBillNo, ({ merchant, parts }) => {
      return queryAnswer(found(transfers.find(merchant.mchid, { transfer_bill_no: parts['transfer_bill_no'] })), merchant)
    }),
    route(transferCancel, ({ merchant, parts }) => {
      const record = transfers.find(merchant.mchid, { out_bill_no: parts['out_bill_no'] })
      // The documented errors of this endpoint have no NOT_FOUND.
      if (!record) throw invalidRequest('商户单号不存在')
      return cancelAnswer(transfers.cancel(record))
    }),
  ]
}

function found(record: TransferRecord | undefined): TransferRecord {
  if (!record) throw new Refusal(404, 'NOT_FOUND', '记录不存在')
  return record
}
