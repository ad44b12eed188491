// Checks the keys of each merchant: whether they are keys, are of the right kind, and belong together, as far as that is possible without the network.

import { createPublicKey, type KeyObject } from 'node:crypto'
import { apiV3Key, certificate as certificateIn, KeyError, privateKey, publicKey } from '@cashdesk/sdk'
import type { Faults } from './faults.ts'

type Fields = Readonly<Record<string, unknown>>
type Path = readonly PropertyKey[]

interface Own {
  path: Path
  name: string
  mchid: unknown
  /** The public half of the merchant's private key. */
  key: KeyObject
}

/** `raw` may have any shape: missing values and wrong types are reported by the schema. */
export function keyFaults(raw: unknown, faults: Faults): void {
  const { merchants } = (raw ?? {}) as { merchants?: unknown }
  const all = (Array.isArray(merchants) ? (merchants as unknown[]) : []).map((one) => (one ?? {}) as Fields)
  const keys = all.map((merchant, i) => ownKey(merchant, ['merchants', i], faults))
  const own = keys.filter((one) => one !== undefined)
  for (const [i, merchant] of all.entries()) {
    ofCertificate(merchant, ['merchants', i], keys[i]?.key, faults)
    ofSealing(merchant, ['merchants', i], faults)
    ofWechat(merchant, ['merchants', i], own, faults)
  }
  ofOthers(own, faults)
}

function ownKey(merchant: Fields, path: Path, faults: Faults): Own | undefined {
  const text = merchant['private_key']
  const read = typeof text === 'string' ? tried([...path, 'private_key'], faults, () => privateKey(text)) : undefined
  return read && { path, name: String(merchant['id']), mchid: merchant['mchid'], key: createPublicKey(read) }
}

/** Adds a KeyError's problem and fix as a fault. Its message is not used, because it would repeat the field's name. */
function tried<T>(path: Path, faults: Faults, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof KeyError)) throw error
    const { problem = error.message, problem_zh = error.message_zh, fix, fix_zh } = error.facts
    faults.add(path, fix ? `${problem}; ${fix}` : String(problem), fix_zh ? `${problem_zh}；${fix_zh}` : String(problem_zh))
    return undefined
  }
}

function ofCertificate({ certificate, serial_no, mchid }: Fields, at: Path, key: KeyObject | undefined, faults: Faults): void {
  if (typeof certificate !== 'string') return
  const path = [...at, 'certificate']
  const read = tried(path, faults, () => certificateIn(certificate))
  if (!read) return
  if (typeof serial_no === 'string' && read.serial_no !== serial_no.toUpperCase())
    faults.add(
      path,
      `its serial number is ${read.serial_no}, not serial_no; one of the two is of another certificate`,
      `其序列号为 ${read.serial_no}，与 serial_no 不符，其中之一属于另一张证书`,
    )
  if (key && !read.publicKey.equals(key))
    faults.add(
      [...at, 'private_key'],
      'it does not belong to the certificate; use apiclient_key.pem from the same download',
      '私钥与商户证书不匹配，请使用同一次下载的 apiclient_key.pem',
    )
  const holder = read.common_name
  if (/^[0-9]+$/.test(holder) && typeof mchid === 'string' && holder !== mchid)
    faults.add(path, `it belongs to merchant ${holder}, not ${mchid}`, `证书属于商户 ${holder}，而不是 ${mchid}`)
}

function ofSealing({ api_v3_key }: Fields, at: Path, faults: Faults): void {
  const keys = Array.isArray(api_v3_key) ? (api_v3_key as unknown[]) : [api_v3_key]
  // The schema counts characters, but WeChat counts bytes.
  for (const text of keys) if (typeof text === 'string' && text.length === 32) tried([...at, 'api_v3_key'], faults, () => apiV3Key(text))
}

function ofWechat({ public_keys }: Fields, at: Path, own: readonly Own[], faults: Faults): void {
  if (typeof public_keys !== 'object' || public_keys === null) return
  for (const [id, text] of Object.entries(public_keys)) {
    const path = [...at, 'public_keys', id]
    if (!/^PUB_KEY_ID_[0-9A-Z]+$/i.test(id))
      faults.add(
        path,
        'the name is the ID that the merchant platform shows beside the public key: PUB_KEY_ID_…',
        '名称应为商户平台在微信支付公钥旁显示的公钥 ID：PUB_KEY_ID_…',
      )
    const key = typeof text === 'string' ? tried(path, faults, () => publicKey(text)) : undefined
    const owner = key && own.find((one) => one.key.equals(key))
    if (owner)
      faults.add(
        path,
        `it is the merchant’s own key (of ${owner.name}), not WeChat’s; download pub_key.pem on the merchant platform`,
        `这是商户自己的密钥（${owner.name}），不是微信支付公钥；请在商户平台下载 pub_key.pem`,
      )
  }
}

/** Reports a private key that two merchants with different mchids share: each mchid has its own key. */
function ofOthers(own: readonly Own[], faults: Faults): void {
  for (const [i, one] of own.entries()) {
    const other = own.slice(0, i).find(({ key, mchid }) => key.equals(one.key) && mchid !== one.mchid)
    if (other)
      faults.add(
        [...one.path, 'private_key'],
        `it is the key of ${other.name}, whose mchid is another`,
        `这是 ${other.name} 的私钥，而两者商户号不同`,
      )
  }
}
