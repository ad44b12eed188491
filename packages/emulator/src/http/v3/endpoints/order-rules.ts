// Rules of orders that a schema cannot express: which merchant signs, which numbers are bound to each other, whose openid it is (v3-protocol §11–12).

import type { Merchant } from '../../../platform/merchants/merchants.ts'
import type { People } from '../../../platform/people.ts'
import type { Platform } from '../../../platform/platform.ts'
import { invalidRequest, paramError, Refusal } from '../../../platform/refusal.ts'

/** The merchant number in the request must be the one in Authorization. */
export function checkSigner(merchant: Merchant, mchid: string, field: string, location: 'body' | 'query'): void {
  if (merchant.mchid === mchid) return
  throw paramError('http header中的mchid与post payload中的mchid不匹配', {
    field,
    value: mchid,
    issue: 'not the mchid that signed',
    location,
  })
}

/** `secrets` has every mini program that exists. WeChat refuses an unknown one otherwise than one that is not bound (v3-protocol §12). */
export function checkAppid(secrets: Platform['secrets'], bound: ReadonlySet<string>, appid: string): void {
  if (bound.has(appid)) return
  if (!secrets.has(appid)) throw new Refusal(400, 'PARAM_ERROR', 'AppID不存在，请检查后再试')
  throw new Refusal(400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配，请检查后再试', { internal: 268445527 })
}

/** The appids bound to the sub-merchant, which must belong to this merchant. A direct merchant has no sub-merchants. */
export function checkSubMerchant(merchant: Merchant, sub_mchid: string): ReadonlySet<string> {
  const appids = merchant.subMerchants.get(sub_mchid)
  if (!appids) throw invalidRequest('受理关系不存在', 268443701)
  return appids
}

/** A service provider must name its sub-merchant; a direct merchant must not (v3-protocol §11). */
export function checkPartner(merchant: Merchant, sub_mchid: string | undefined): void {
  if (sub_mchid !== undefined) checkSubMerchant(merchant, sub_mchid)
  else if (merchant.kind === 'partner') throw invalidRequest('受理机构必须传入sub_mch_id', 268443704)
}

export function checkOpenid(people: People, appid: string, openid: string, field: string): void {
  const found = people.find(openid)
  if (found?.appid === appid) return
  const detail = { field, value: openid, issue: 'not an openid of this appid', location: 'body' } as const
  throw paramError(found ? 'appid与openid不匹配' : '无效的openid', detail)
}

/** The schema's pattern accepts some texts that no URL parser can read. */
export function checkNotifyUrl(notify_url: string): void {
  if (URL.canParse(notify_url)) return
  const detail = { field: '/notify_url', value: notify_url, issue: 'not a URL', location: 'body' } as const
  throw paramError('输入源“/body/notify_url”映射到值字段“通知地址”字符串规则校验失败，不是合法的 URL', detail)
}

/** A sub-order can be queried and closed only through its combined order (v3-endpoints §7). */
export function checkSingle(
  { combines, trades }: Platform,
  { mchid }: Merchant,
  { transaction_id, out_trade_no }: { transaction_id?: string | undefined; out_trade_no?: string | undefined },
): void {
  const combined =
    transaction_id === undefined
      ? combines.findBySubOrder(mchid, out_trade_no ?? '')
      : trades.find(mchid, { transaction_id })?.combine_out_trade_no
  if (combined) throw invalidRequest('合单支付的子单请使用合单接口')
}

export function orderNotExist(): Refusal {
  return new Refusal(404, 'ORDER_NOT_EXIST', '订单不存在', { internal: 268512771 })
}

/** The refund API calls the order a resource, and answers the same for an unpaid order as for a missing one (v3-endpoints §4.4). */
export function orderOfRefund(): Refusal {
  return new Refusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在', { internal: 268512771 })
}

export function otherSubMerchant(): Refusal {
  return invalidRequest('子商户号和订单信息不匹配', 268447845)
}
