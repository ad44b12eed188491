// One merchant transfer as WeChat keeps it, with its answers and its notification (merchant-transfer.md §2–5).

import { sealSensitive } from '@cashdesk/protocol'
import type {
  Transfer,
  TransferAnswer,
  TransferCancelAnswer,
  TransferNotice,
  TransferRequest,
  TransferState,
} from '@cashdesk/protocol/spec'
import type { Merchant } from '../merchants/merchants.ts'
import type { News } from '../notifications/notifier.ts'

export interface TransferRecord {
  mchid: string
  transfer_bill_no: string
  request: Omit<TransferRequest, 'user_name'>
  /** The receiver's name in plain text. */
  user_name?: string
  fingerprint: string
  package_info: string
  state: TransferState
  fail_reason?: string
  created_at: number
  updated_at: number
}

export function createAnswer(record: TransferRecord): TransferAnswer {
  const { request, transfer_bill_no, state, fail_reason, package_info } = record
  return {
    out_bill_no: request.out_bill_no,
    transfer_bill_no,
    create_time: preciseTime(record.created_at),
    state,
    ...(fail_reason !== undefined && { fail_reason }),
    ...(state === 'WAIT_USER_CONFIRM' && { package_info }),
  }
}

/** The answer of a query. This product calls the merchant number `mch_id`; the name is encrypted for the merchant. */
export function queryAnswer(record: TransferRecord, merchant: Merchant): Transfer {
  const { request, fail_reason, user_name } = record
  return {
    mch_id: record.mchid,
    out_bill_no: request.out_bill_no,
    transfer_bill_no: record.transfer_bill_no,
    appid: request.appid,
    state: record.state,
    transfer_amount: request.transfer_amount,
    transfer_remark: request.transfer_remark,
    ...(fail_reason !== undefined && { fail_reason }),
    openid: request.openid,
    ...(user_name !== undefined && { user_name: sealSensitive(merchant.publicKey, user_name) }),
    create_time: preciseTime(record.created_at),
    update_time: preciseTime(record.updated_at),
  }
}

export function cancelAnswer({ request, transfer_bill_no, state, updated_at }: TransferRecord): TransferCancelAnswer {
  return { out_bill_no: request.out_bill_no, transfer_bill_no, state, update_time: preciseTime(updated_at) }
}

export function transferNews(record: TransferRecord, notify_url: string): News {
  const { mchid, request, transfer_bill_no, state, fail_reason } = record
  const { out_bill_no, transfer_amount, openid } = request
  const resource: TransferNotice = {
    out_bill_no,
    transfer_bill_no,
    state,
    mch_id: mchid,
    transfer_amount,
    openid,
    ...(fail_reason !== undefined && { fail_reason }),
    create_time: preciseTime(record.created_at),
    update_time: preciseTime(record.updated_at),
  }
  const summary = '商家转账单据终态通知'
  return { mchid, out_bill_no, notify_url, event_type: 'MCHTRANSFER.BILL.FINISHED', original_type: 'mch_payment', summary, resource }
}

const BEIJING_OFFSET_MS = 8 * 60 * 60 * 1000

/** RFC 3339 with milliseconds, as in the examples of this product. */
function preciseTime(ms: number): string {
  return `${new Date(ms + BEIJING_OFFSET_MS).toISOString().slice(0, 23)}+08:00`
}
