// The merchants that may call the API: their keys as KeyObjects, their mini programs, and their sub-merchants.

import type { KeyObject } from 'node:crypto'
import { apiV3Key, certificate, privateKey } from '@cashdesk/protocol'
import { apiV2Key } from '@cashdesk/protocol/v2'
import type { Account } from './accounts.ts'
import type { KeyKind } from './key-kind.ts'
import type { MerchantKeys, PlatformKeys } from './keys.ts'

/** A key that this WeChat signs with, and its serial. */
export interface SigningKey {
  serial: string
  privateKey: KeyObject
}

export interface Merchant {
  /** The number that signs: mchid of a direct merchant, sp_mchid of a service provider. */
  mchid: string
  kind: 'direct' | 'partner'
  /** The serial of the merchant API certificate in use. */
  serial_no: string
  publicKey: KeyObject
  /** When that certificate ends, epoch ms. */
  notAfter: number
  /** Whether it was revoked in the merchant console. */
  revoked: boolean
  /** Serials of the earlier certificates that it replaced. */
  replaced: ReadonlySet<string>
  apiV3Key: KeyObject
  apiV2Key: KeyObject
  /** Which of WeChat's keys the merchant has: it must be able to verify everything that is signed for it. */
  keyKind: KeyKind
  /** WeChat Pay public key mode: every merchant has its own key. */
  wechatpayKey: SigningKey
  /** The mini programs bound to the number itself. */
  appids: ReadonlySet<string>
  /** The sub-merchants by number, each with the mini programs bound to it. Empty for a direct merchant. */
  subMerchants: ReadonlyMap<string, ReadonlySet<string>>
}

export interface PlatformCertificate {
  key: SigningKey
  pem: string
  notBefore: number
  notAfter: number
}

export interface Merchants {
  find(mchid: string): Merchant | undefined
  all(): readonly Merchant[]
  /** The key of the platform certificate that signs. It is the same for all merchants. */
  readonly platformKey: SigningKey
  /** All platform certificates that are listed, oldest first. */
  platformCertificates(): readonly PlatformCertificate[]
  /** Gives the merchant a new API certificate. From now on the old one is refused as replaced (v3-protocol §12). */
  replaceCertificate(merchant: Merchant, pem: string): void
  revokeCertificate(merchant: Merchant): void
  setKeyKind(merchant: Merchant, keyKind: KeyKind): void
  /** Adds a platform certificate. It signs from now on if `signs`; otherwise it signs once it is added again with `signs`. */
  addPlatformCertificate(keys: PlatformKeys, signs: boolean): void
}

export function createMerchants(accounts: readonly Account[], platform: PlatformKeys): Merchants {
  const merchants = new Map(accounts.map((account) => [account.mchid, merchantOf(account)]))
  const certificates = [platformCertificateOf(platform)]
  let signing = 0
  return {
    find: (mchid) => merchants.get(mchid),
    all: () => [...merchants.values()],
    get platformKey() {
      const found = certificates[signing]
      if (!found) throw new TypeError('no platform certificate')
      return found.key
    },
    platformCertificates: () => certificates,
    replaceCertificate(merchant, pem) {
      const { serial_no, publicKey, notAfter } = certificate(pem)
      const replaced = new Set([...merchant.replaced, merchant.serial_no])
      merchants.set(merchant.mchid, { ...merchant, serial_no, publicKey, notAfter, revoked: false, replaced })
    },
    revokeCertificate: (merchant) => void merchants.set(merchant.mchid, { ...merchant, revoked: true }),
    setKeyKind: (merchant, keyKind) => void merchants.set(merchant.mchid, { ...merchant, keyKind }),
    addPlatformCertificate(added, signs) {
      const known = certificates.findIndex(({ key }) => key.serial === added.platform_serial)
      if (known < 0) certificates.push(platformCertificateOf(added))
      if (signs) signing = known < 0 ? certificates.length - 1 : known
    },
  }
}

function platformCertificateOf({ platform_cert, platform_serial, platform_private }: PlatformKeys): PlatformCertificate {
  const { notBefore, notAfter } = certificate(platform_cert)
  return { key: { serial: platform_serial, privateKey: privateKey(platform_private) }, pem: platform_cert, notBefore, notAfter }
}

function merchantOf({ mchid, kind, keys, keyKind, apps, subMerchants }: Account): Merchant {
  return {
    mchid,
    kind,
    ...keysOf(keys),
    keyKind,
    revoked: false,
    replaced: new Set(),
    appids: new Set(apps.map(({ appid }) => appid)),
    subMerchants: new Map(subMerchants.map((sub) => [sub.sub_mchid, new Set(sub.apps.map(({ appid }) => appid))])),
  }
}

function keysOf(keys: MerchantKeys): Pick<Merchant, 'serial_no' | 'publicKey' | 'notAfter' | 'apiV3Key' | 'apiV2Key' | 'wechatpayKey'> {
  const { publicKey, notAfter } = certificate(keys.merchant_cert)
  return {
    serial_no: keys.merchant_serial,
    publicKey,
    notAfter,
    apiV3Key: apiV3Key(keys.api_v3_key),
    apiV2Key: apiV2Key(keys.api_v2_key),
    wechatpayKey: { serial: keys.public_key_id, privateKey: privateKey(keys.public_key_private) },
  }
}
