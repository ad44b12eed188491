// All keys: those that WeChat would keep to itself, and those that merchants hold. They are generated once and can be reused between runs.

import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { type Random, randomDigits, randomHex, systemRandom } from '../../ports/random.ts'
import { makeCertificate } from './x509.ts'

/** All secret and public keys of one merchant, as text. */
export interface MerchantKeys {
  merchant_serial: string
  /** PEM, PKCS#8: `apiclient_key.pem`. */
  merchant_key: string
  /** PEM: `apiclient_cert.pem`. */
  merchant_cert: string
  api_v3_key: string
  api_v2_key: string
  public_key_id: string
  /** PEM, SPKI: the WeChat Pay public key of this merchant. */
  public_key: string
  /** PEM, PKCS#8: the private key to `public_key`, which only WeChat holds. */
  public_key_private: string
}

/** The platform certificate with its private key. */
export interface PlatformKeys {
  platform_serial: string
  platform_cert: string
  platform_private: string
}

/** The content of `keys.json`. An emulator created with the same keys accepts the same signatures. */
export interface EmulatorKeys {
  platform: PlatformKeys
  direct: MerchantKeys & { app_secret: string }
  partner: MerchantKeys & { sp_app_secret: string; sub_app_secret: string }
}

const YEARS_5_MS = 5 * 365 * 24 * 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000

/** Generates five RSA key pairs, at the same time. */
export async function generateKeys(now: number = Date.now(), random: Random = systemRandom): Promise<EmulatorKeys> {
  const [platform, direct, partner] = await Promise.all([
    platformKeys(now, random),
    merchantKeys(now, random, '直连商户'),
    merchantKeys(now, random, '服务商'),
  ])
  return {
    platform,
    direct: { ...direct, app_secret: randomHex(random, 16) },
    partner: { ...partner, sp_app_secret: randomHex(random, 16), sub_app_secret: randomHex(random, 16) },
  }
}

/** Generates one more platform certificate. WeChat publishes the new one before the old one ends (v3-protocol §6). */
export async function platformKeys(now: number, random: Random): Promise<PlatformKeys> {
  const { privateKey } = await rsa()
  const { serial_no, pem } = certify(privateKey, 'Tenpay.com sign', now, random)
  return { platform_serial: serial_no, platform_cert: pem, platform_private: privatePem(privateKey) }
}

/** Generates the keys of one merchant, as for a new account. */
export async function merchantKeys(now: number, random: Random, commonName: string): Promise<MerchantKeys> {
  const [merchant, wechatpay] = await Promise.all([rsa(), rsa()])
  const { serial_no, pem } = certify(merchant.privateKey, commonName, now, random)
  return {
    merchant_serial: serial_no,
    merchant_key: privatePem(merchant.privateKey),
    merchant_cert: pem,
    api_v3_key: randomHex(random, 16),
    api_v2_key: randomHex(random, 16),
    public_key_id: `PUB_KEY_ID_0${randomDigits(random, 34)}`,
    public_key: wechatpay.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    public_key_private: privatePem(wechatpay.privateKey),
  }
}

/** Generates a new API certificate, as a merchant requests when the old one ends. */
export async function merchantCertificate(
  now: number,
  random: Random,
  lifeMs?: number,
): Promise<Pick<MerchantKeys, 'merchant_serial' | 'merchant_key' | 'merchant_cert'>> {
  const { privateKey } = await rsa()
  const { serial_no, pem } = certify(privateKey, '商户', now, random, lifeMs)
  return { merchant_serial: serial_no, merchant_key: privatePem(privateKey), merchant_cert: pem }
}

/** Valid from the day before, so that a client whose clock is slow can use it. Valid for five years, like WeChat's (v3-protocol §6). */
function certify(
  privateKey: KeyObject,
  commonName: string,
  now: number,
  random: Random,
  lifeMs: number = YEARS_5_MS,
): { serial_no: string; pem: string } {
  // 40 hex digits, the usual length. The first is 1–7, so that the number is positive, as DER requires.
  const serial_no = `${1 + ((random(1)[0] ?? 0) % 7)}${randomHex(random, 20).slice(1).toUpperCase()}`
  return { serial_no, pem: makeCertificate({ serial_no, commonName, notBefore: now - DAY_MS, notAfter: now + lifeMs, privateKey }) }
}

const generate = promisify(generateKeyPair)

/** RSA 2048, as all keys here are. */
export async function newKey(): Promise<KeyObject> {
  return (await rsa()).privateKey
}

function rsa(): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  return generate('rsa', { modulusLength: 2048 })
}

export function privatePem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
