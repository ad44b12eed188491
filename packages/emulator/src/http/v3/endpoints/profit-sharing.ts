// Profit sharing over HTTP: shares, unfreezes, returns, receivers, amounts, configuration (v3-endpoints §6).

import { sealSensitive } from '@cashdesk/protocol'
import {
  type ReceiverRemoval,
  receiverAdd,
  receiverDelete,
  shareCreate,
  shareQuery,
  shareReturnCreate,
  shareReturnQuery,
  shareUnfreeze,
  sharingConfig,
  unsplitAmount,
} from '@cashdesk/protocol/spec'
import type { Merchant } from '../../../platform/merchants/merchants.ts'
import { checkSameSubMerchant, type Trade } from '../../../platform/orders/trades.ts'
import type { Platform } from '../../../platform/platform.ts'
import { invalidRequest, Refusal } from '../../../platform/refusal.ts'
import { recordNotExists } from '../../../platform/sharing/rules.ts'
import { returnAnswer, type ShareRecord, shareAnswer } from '../../../platform/sharing/share.ts'
import { type Route, route } from '../route.ts'
import { openField } from '../sensitive.ts'
import { checkAppid, checkOpenid, checkPartner, checkSubMerchant } from './order-rules.ts'

export function profitSharingRoutes(platform: Platform): Route[] {
  const { sharing, shareReturns, trades, merchants, people, secrets, behaviour } = platform

  const tradeOf = (merchant: Merchant, transaction_id: string, sub_mchid: string | undefined): Trade => {
    checkPartner(merchant, sub_mchid)
    const trade = trades.find(merchant.mchid, { transaction_id })
    if (!trade) throw recordNotExists()
    checkSameSubMerchant(trade, sub_mchid)
    return trade
  }
  const shareOf = (merchant: Merchant, number: { order_id?: string | undefined; out_order_no?: string | undefined }): ShareRecord => {
    const share = sharing.find(merchant.mchid, number)
    if (!share) throw recordNotExists()
    return share
  }
  const checkReceiver = (merchant: Merchant, body: ReceiverRemoval): void => {
    checkPartner(merchant, body.sub_mchid)
    checkAppid(secrets, merchant.appids, body.appid)
    if (body.sub_appid !== undefined) checkAppid(secrets, checkSubMerchant(merchant, body.sub_mchid ?? ''), body.sub_appid)
    if (body.type === 'PERSONAL_OPENID') checkOpenid(people, body.appid, body.account, '/account')
    if (body.type === 'PERSONAL_SUB_OPENID') {
      if (body.sub_appid === undefined) throw invalidRequest('分账接收方类型为PERSONAL_SUB_OPENID时必须传入sub_appid')
      checkOpenid(people, body.sub_appid, body.account, '/account')
    }
  }

  return [
    route(shareCreate, ({ merchant, body, headers }) => {
      const trade = tradeOf(merchant, body.transaction_id, body.sub_mchid)
      if (body.appid !== undefined) checkAppid(secrets, merchant.appids, body.appid)
      const names = body.receivers.map(({ name }, index) => {
        return name === undefined ? undefined : openField({ merchants, merchant, headers }, `/receivers/${index}/name`, name)
      })
      return shareAnswer(sharing.share(trade, body, names))
    }),
    route(shareQuery, ({ merchant, parts, query }) => {
      const trade = tradeOf(merchant, query.transaction_id, query.sub_mchid)
      const share = shareOf(merchant, { out_order_no: parts['out_order_no'] })
      if (share.transaction_id !== trade.transaction_id) throw recordNotExists()
      return shareAnswer(share)
    }),
    route(shareUnfreeze, ({ merchant, body }) => {
      return shareAnswer(sharing.unfreeze(tradeOf(merchant, body.transaction_id, body.sub_mchid), body))
    }),
    route(shareReturnCreate, ({ merchant, body }) => {
      checkPartner(merchant, body.sub_mchid)
      const share = shareOf(merchant, body)
      if (share.sub_mchid !== body.sub_mchid) throw recordNotExists()
      return returnAnswer(shareReturns.create(share, body))
    }),
    route(shareReturnQuery, ({ merchant, parts, query }) => {
      checkPartner(merchant, query.sub_mchid)
      const record = shareReturns.find(merchant.mchid, parts['out_return_no'] ?? '')
      if (record?.out_order_no !== query.out_order_no || record.sub_mchid !== query.sub_mchid) throw recordNotExists()
      return returnAnswer(record)
    }),
    route(unsplitAmount, ({ merchant, parts }) => {
      const trade = trades.find(merchant.mchid, { transaction_id: parts['transaction_id'] ?? '' })
      if (!trade) throw recordNotExists()
      return { transaction_id: trade.transaction_id, unsplit_amount: trade.frozen }
    }),
    route(sharingConfig, ({ merchant, parts }) => {
      const sub_mchid = parts['sub_mchid'] ?? ''
      // This query is for service providers only.
      if (merchant.kind === 'direct') throw new Refusal(403, 'NO_AUTH', '商户无权限')
      checkSubMerchant(merchant, sub_mchid)
      return { sub_mchid, max_ratio: behaviour.share_ratio_max }
    }),
    route(receiverAdd, ({ merchant, body, headers }) => {
      checkReceiver(merchant, body)
      const { sub_mchid, type, account, name, relation_type, custom_relation } = body
      // The answer repeats the name, encrypted for the merchant (v3-protocol §9).
      const opened = name === undefined ? undefined : openField({ merchants, merchant, headers }, '/name', name)
      sharing.receivers.add({ mchid: merchant.mchid, sub_mchid, type, account })
      return {
        ...(sub_mchid !== undefined && { sub_mchid }),
        type,
        account,
        ...(opened !== undefined && { name: sealSensitive(merchant.publicKey, opened) }),
        relation_type,
        ...(custom_relation !== undefined && { custom_relation }),
      }
    }),
    route(receiverDelete, ({ merchant, body }) => {
      checkReceiver(merchant, body)
      const { sub_mchid, type, account } = body
      const key = { mchid: merchant.mchid, sub_mchid, type, account }
      if (!sharing.receivers.has(key)) throw invalidRequest('分账接收方关系不存在')
      sharing.receivers.remove(key)
      return { ...(sub_mchid !== undefined && { sub_mchid }), type, account }
    }),
  ]
}
