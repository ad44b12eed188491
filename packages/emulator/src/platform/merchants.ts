// Who may call the v3 API: merchants with their keys as KeyObjects, their bound mini programs, and their sub-merchants.

import type { KeyObject } from 'node:crypto'
import { apiV3Key, certificate, privateKey } from '@cashdesk/protocol'
import type { EmulatorKeys, MerchantKeys, PlatformKeys } from './keys.ts'
import { IDS } from './settings.ts'

/** A key this WeChat signs with, and the serial it goes by. */
export interface SigningKey {
  serial: string
  privateKey: KeyObject
}

export interface Merchant {
  /** The number that signs: mchid of a direct merchant, sp_mchid of a service provider. */
  mchid: string
  kind: 'direct' | 'partner'
  /** Of the merchant API certificate. */
  serial_no: string
  publicKey: KeyObject
  apiV3Key: KeyObject
  /** Public key mode: unique to this merchant. */
  wechatpayKey: SigningKey
  /** Mini programs bound to the number itself. */
  appids: ReadonlySet<string>
  /** Sub-merchants by number, each with the mini programs bound to it. Empty for a direct merchant. */
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
  /** Of the platform certificate that signs, the same for all. */
  readonly platformKey: SigningKey
  /** All that are listed, oldest first. */
  platformCertificates(): readonly PlatformCertificate[]
  /** One more: from now on it signs, or only later, when it is given again. */
  addPlatformCertificate(keys: PlatformKeys, signs: boolean): void
}

export function createMerchants(keys: EmulatorKeys): Merchants {
  const list: Merchant[] = [
    { ...keysOf(keys.direct), mchid: IDS.mchid, kind: 'direct', appids: new Set([IDS.appid]), subMerchants: new Map() },
    {
      ...keysOf(keys.partner),
      mchid: IDS.sp_mchid,
      kind: 'partner',
      appids: new Set([IDS.sp_appid]),
      subMerchants: new Map([[IDS.sub_mchid, new Set([IDS.sub_appid])]]),
    },
  ]
  const certificates = [platformCertificateOf(keys.platform)]
  let signing = 0
  return {
    find: (mchid) => list.find((merchant) => merchant.mchid === mchid),
    all: () => list,
    get platformKey() {
      const found = certificates[signing]
      if (!found) throw new TypeError('no platform certificate')
      return found.key
    },
    platformCertificates: () => certificates,
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

function keysOf(keys: MerchantKeys): Pick<Merchant, 'serial_no' | 'publicKey' | 'apiV3Key' | 'wechatpayKey'> {
  return {
    serial_no: keys.merchant_serial,
    publicKey: certificate(keys.merchant_cert).publicKey,
    apiV3Key: apiV3Key(keys.api_v3_key),
    wechatpayKey: { serial: keys.public_key_id, privateKey: privateKey(keys.public_key_private) },
  }
}
