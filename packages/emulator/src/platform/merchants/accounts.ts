// The merchants: the two that are always there, and those of a merchants file. Numbers, mini programs, keys.

import type { KeyKind } from './key-kind.ts'
import type { EmulatorKeys, MerchantKeys } from './keys.ts'

/** These numbers never change, so that people can remember them and tests can name them. */
export const IDS = {
  appid: 'wxca5d0000000000d1',
  mchid: '1900000001',
  sp_appid: 'wxca5d0000000000a2',
  sp_mchid: '1900000002',
  sub_appid: 'wxca5d0000000000b3',
  sub_mchid: '1900000003',
} as const

export interface App {
  appid: string
  app_secret: string
}

export interface Account {
  /** The number that signs: mchid of a direct merchant, sp_mchid of a service provider. */
  mchid: string
  kind: 'direct' | 'partner'
  keys: MerchantKeys
  keyKind: KeyKind
  /** The mini programs bound to this number itself. */
  apps: readonly App[]
  /** The sub-merchants of a service provider; empty for a direct merchant. */
  subMerchants: readonly { sub_mchid: string; apps: readonly App[] }[]
}

/** A merchant of a merchants file, with its keys. */
export interface ExtraMerchant extends Omit<Account, 'kind' | 'keyKind'> {
  /** That of the emulator when absent. */
  keyKind?: KeyKind | undefined
}

/** `keyKind` is that of every merchant that names no other. */
export function accountsOf(keys: EmulatorKeys, extra: readonly ExtraMerchant[], keyKind: KeyKind): Account[] {
  return [
    {
      mchid: IDS.mchid,
      kind: 'direct',
      keys: keys.direct,
      keyKind,
      apps: [{ appid: IDS.appid, app_secret: keys.direct.app_secret }],
      subMerchants: [],
    },
    {
      mchid: IDS.sp_mchid,
      kind: 'partner',
      keys: keys.partner,
      keyKind,
      apps: [{ appid: IDS.sp_appid, app_secret: keys.partner.sp_app_secret }],
      subMerchants: [{ sub_mchid: IDS.sub_mchid, apps: [{ appid: IDS.sub_appid, app_secret: keys.partner.sub_app_secret }] }],
    },
    ...extra.map(
      (merchant): Account => ({
        ...merchant,
        keyKind: merchant.keyKind ?? keyKind,
        kind: merchant.subMerchants.length > 0 ? 'partner' : 'direct',
      }),
    ),
  ]
}

/** Every mini program of these merchants, without duplicates. */
export function appsOf(accounts: readonly Account[]): App[] {
  const apps = accounts.flatMap((account) => [...account.apps, ...account.subMerchants.flatMap((sub) => sub.apps)])
  return [...new Map(apps.map((app) => [app.appid, app])).values()]
}
