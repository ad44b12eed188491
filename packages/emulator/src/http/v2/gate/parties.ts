// Checks that the parties belong together: appid and mch_id, sub-merchant and service provider (v2-protocol §3).

import type { Fields } from '@cashdesk/protocol/v2'
import type { Merchant } from '../../../platform/merchants/merchants.ts'
import { V2Failure, V2Refusal } from '../refusal.ts'
import { missing } from './gate.ts'

export interface PartyWorld {
  /** The AppSecret of every mini program, by appid. */
  secrets: ReadonlyMap<string, string>
}

/** Checks the parties and gives the appid. @throws V2Failure, V2Refusal */
export function checkParties({ secrets }: PartyWorld, merchant: Merchant, fields: Fields): string {
  const { appid, sub_appid, sub_mch_id } = fields
  if (!appid) throw missing('appid')
  if (!secrets.has(appid)) throw new V2Refusal('APPID_NOT_EXIST', 'appid不存在')
  if (!merchant.appids.has(appid)) throw new V2Refusal('APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配')
  if (sub_mch_id) {
    const bound = merchant.subMerchants.get(sub_mch_id)
    if (!bound) throw new V2Failure('MCHID_NOT_EXIST', '商户号mch_id或sub_mch_id不存在')
    if (sub_appid && !bound.has(sub_appid)) throw new V2Refusal('APPID_MCHID_NOT_MATCH', 'sub_appid和sub_mch_id不匹配')
  }
  return appid
}

/** A service provider must name its sub-merchant. Only bills may leave it out; they then cover all sub-merchants (v2-protocol §9). */
export function checkSubMerchantNamed(merchant: Merchant, sub_mch_id: string | undefined): void {
  if (merchant.kind === 'partner' && sub_mch_id === undefined) throw new V2Failure('LACK_PARAMS', '受理机构必须传入sub_mch_id')
}
