// Notifications for receivers that are merchants, at the address set in their merchant platform (v3-notifications §8).

import { beijingTime } from '@cashdesk/protocol'
import type { ShareNotice } from '@cashdesk/protocol/spec'
import type { News } from '../notifications/notifier.ts'
import { ownerOf, type Trade } from '../orders/trades.ts'
import type { ReturnRecord, ShareRecord } from './share.ts'

export function shareNews(
  { order_id, out_order_no, mchid, sub_mchid, transaction_id }: ShareRecord,
  receiver: ShareNotice['receiver'],
  notify_url: string,
  now: number,
): News {
  const { type, account, amount, description } = receiver
  const resource: ShareNotice = {
    ...initiatorOf(mchid, sub_mchid),
    transaction_id,
    order_id,
    out_order_no,
    receiver: { type, account, amount, description },
    success_time: beijingTime(now),
  }
  return news(account, out_order_no, notify_url, '分账', resource)
}

/** For a return, the receiver in the notification is the merchant that had received the share. */
export function returnNews(record: ReturnRecord, trade: Trade, notify_url: string, now: number): News {
  const { return_id, out_return_no, return_mchid, amount, description } = record
  const resource: ShareNotice = {
    ...initiatorOf(record.mchid, record.sub_mchid),
    transaction_id: record.transaction_id,
    order_id: return_id,
    out_order_no: out_return_no,
    receiver: { type: 'MERCHANT_ID', account: ownerOf(trade), amount, description },
    success_time: beijingTime(now),
  }
  return news(return_mchid, out_return_no, notify_url, '分账回退', resource)
}

/** Encrypted with the receiver's key, because the receiver gets the notification. */
function news(mchid: string, out_order_no: string, notify_url: string, summary: string, resource: ShareNotice): News {
  return { mchid, out_order_no, notify_url, event_type: 'TRANSACTION.SUCCESS', original_type: 'profitsharing', summary, resource }
}

function initiatorOf(mchid: string, sub_mchid: string | undefined): Pick<ShareNotice, 'mchid' | 'sp_mchid' | 'sub_mchid'> {
  return sub_mchid === undefined ? { mchid } : { sp_mchid: mchid, sub_mchid }
}
