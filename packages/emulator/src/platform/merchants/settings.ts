// What a client needs to know to talk to this WeChat: the content of emulator.json, with every PEM as text.

import type { Person } from '../people.ts'
import { type App, type ExtraMerchant, IDS } from './accounts.ts'
import type { KeyKind } from './key-kind.ts'
import type { EmulatorKeys, MerchantKeys, PlatformKeys } from './keys.ts'

/** The keys of one merchant, as the merchant holds them. */
export interface MerchantKeySettings {
  /** Which of WeChat's two kinds of key the merchant has: `public_key…`, `platform_…`, or both. The other kind signs nothing for it. */
  keys: KeyKind
  merchant_serial: string
  merchant_key: string
  merchant_cert: string
  api_v3_key: string
  api_v2_key: string
  platform_serial: string
  platform_cert: string
  public_key_id: string
  public_key: string
}

/** A service provider and its one sub-merchant, which has its own mini program. */
export interface PartnerSettings extends MerchantKeySettings {
  sp_appid: string
  sp_app_secret: string
  sp_mchid: string
  sub_appid: string
  sub_app_secret: string
  sub_mchid: string
}

export interface UserSettings {
  name: string
  /** The user's openid under the direct merchant's appid. */
  openid: string
  /** The user's openid under every appid. */
  openids: Record<string, string>
}

export interface EmulatorSettings extends MerchantKeySettings {
  /** The address of both api.mch.weixin.qq.com and api.weixin.qq.com, which are told apart by path. */
  base_url: string
  /** The same over TLS, when TLS is on. `ca.pem` is the certificate to trust. */
  tls_url?: string
  appid: string
  app_secret: string
  mchid: string
  sp: PartnerSettings
  users: UserSettings[]
  /** The merchants of the merchants file. */
  merchants: ExtraMerchantSettings[]
}

export interface ExtraMerchantSettings extends MerchantKeySettings {
  mchid: string
  apps: readonly App[]
  subMerchants: readonly { sub_mchid: string; apps: readonly App[] }[]
}

export function settingsOf(
  keys: EmulatorKeys,
  base_url: string,
  people: readonly Person[],
  extra: readonly ExtraMerchant[],
  keyKind: KeyKind,
): EmulatorSettings {
  return {
    base_url,
    appid: IDS.appid,
    app_secret: keys.direct.app_secret,
    mchid: IDS.mchid,
    ...keySettings(keys.direct, keys.platform, keyKind),
    sp: {
      sp_appid: IDS.sp_appid,
      sp_app_secret: keys.partner.sp_app_secret,
      sp_mchid: IDS.sp_mchid,
      sub_appid: IDS.sub_appid,
      sub_app_secret: keys.partner.sub_app_secret,
      sub_mchid: IDS.sub_mchid,
      ...keySettings(keys.partner, keys.platform, keyKind),
    },
    users: people.map((person) => ({ name: person.name, openid: person.openids[IDS.appid] ?? '', openids: person.openids })),
    merchants: extra.map(({ mchid, apps, subMerchants, keys: own, keyKind: kind = keyKind }) => ({
      mchid,
      apps,
      subMerchants,
      ...keySettings(own, keys.platform, kind),
    })),
  }
}

function keySettings(merchant: MerchantKeys, platform: PlatformKeys, keyKind: KeyKind): MerchantKeySettings {
  return {
    keys: keyKind,
    merchant_serial: merchant.merchant_serial,
    merchant_key: merchant.merchant_key,
    merchant_cert: merchant.merchant_cert,
    api_v3_key: merchant.api_v3_key,
    api_v2_key: merchant.api_v2_key,
    platform_serial: platform.platform_serial,
    platform_cert: platform.platform_cert,
    public_key_id: merchant.public_key_id,
    public_key: merchant.public_key,
  }
}
