// Explains why a v2 signature was refused: tries common mistakes, and names the one that reproduces the signature.

import { createHash, createHmac, type KeyObject } from 'node:crypto'
import type { Fields, SignType } from '@cashdesk/protocol/v2'
import type { Merchant, Merchants } from '../../../platform/merchants/merchants.ts'
import type { Explanation } from '../../v3/gate/explanation.ts'

interface Made {
  type: SignType
  key: KeyObject
  message: string
}

interface Attempt extends Explanation {
  /** The algorithm, key and message that this mistake would have used. */
  by: Made
}

export function explainV2(merchants: Merchants, merchant: Merchant, type: SignType, fields: Fields): Explanation {
  const sign = fields['sign'] ?? ''
  for (const { by, ...explanation } of attempts(merchants, merchant, type, fields)) {
    if (digest(by) === sign.toUpperCase()) return explanation
  }
  return {
    cause: 'message_or_key_differs',
    en: 'The signature belongs to no message and key that are known here: compare yours with the canonical string, and the key with the APIv2 key (32 characters).',
    zh: '签名与已知的签名串和密钥均不符：请与规范签名串逐字比较，并确认使用的是 32 位 APIv2 密钥。',
  }
}

function* attempts(merchants: Merchants, merchant: Merchant, type: SignType, fields: Fields): Generator<Attempt> {
  const key = merchant.apiV2Key
  const right = messageOf(Object.entries(fields))
  const other = type === 'MD5' ? 'HMAC-SHA256' : 'MD5'
  yield {
    cause: 'sign_lowercase',
    en: 'The signature is right, but must be upper-case hex.',
    zh: '签名值正确，但应为大写十六进制。',
    by: { type, key, message: right },
  }
  yield {
    cause: 'other_sign_type',
    differs_in: 'algorithm',
    en: `The signature was made with ${other}, but sign_type says ${type}${fields['sign_type'] ? '' : ' (its default)'}.`,
    zh: `签名算法是 ${other}，而 sign_type 为 ${type}${fields['sign_type'] ? '' : '（默认值）'}。`,
    by: { type: other, key, message: right },
  }
  yield {
    cause: 'api_v3_key_used',
    differs_in: 'key',
    en: 'The signature was made with the APIv3 key: v2 has a key of its own.',
    zh: '签名使用了 APIv3 密钥；APIv2 有单独的密钥。',
    by: { type, key: merchant.apiV3Key, message: right },
  }
  for (const { mchid, apiV2Key } of merchants.all()) {
    yield {
      cause: 'other_merchant_key',
      differs_in: 'key',
      en: `The signature was made with the APIv2 key of merchant ${mchid}.`,
      zh: `签名使用了商户 ${mchid} 的 APIv2 密钥。`,
      by: { type, key: apiV2Key, message: right },
    }
  }
  for (const { cause, en, zh, message } of wrongMessages(fields)) yield { cause, differs_in: 'body', en, zh, by: { type, key, message } }
}

function wrongMessages(fields: Fields): { cause: string; en: string; zh: string; message: string }[] {
  const entries = Object.entries(fields)
  return [
    {
      cause: 'empty_fields_signed',
      en: 'Empty fields were signed: leave them out.',
      zh: '空值字段参与了签名：空值不参与签名。',
      message: messageOf(entries, { empty: true }),
    },
    {
      cause: 'fields_not_sorted',
      en: 'The fields were not sorted by name (byte order).',
      zh: '字段没有按名称（ASCII 码）从小到大排序。',
      message: messageOf(entries, { sorted: false }),
    },
    {
      cause: 'values_url_encoded',
      en: 'The values were URL-encoded: sign them as they are.',
      zh: '签名前对值做了 URL 编码：应使用原始值。',
      message: messageOf(entries.map(([name, value]) => [name, encodeURIComponent(value)])),
    },
    {
      cause: 'sign_type_not_signed',
      en: 'sign_type is sent, so it must be signed too.',
      zh: '请求中带有 sign_type，它也必须参与签名。',
      message: messageOf(entries.filter(([name]) => name !== 'sign_type')),
    },
  ]
}

function messageOf(entries: readonly (readonly [string, string])[], { sorted = true, empty = false } = {}): string {
  const signed = entries.filter(([name, value]) => name !== 'sign' && (empty || value !== ''))
  const ordered = sorted ? signed.toSorted(([a], [b]) => (a < b ? -1 : 1)) : signed
  return ordered.map(([name, value]) => `${name}=${value}`).join('&')
}

function digest({ type, key, message }: Made): string {
  const hash = type === 'MD5' ? createHash('md5') : createHmac('sha256', key)
  return hash.update(`${message}&key=`, 'utf8').update(key.export()).digest('hex').toUpperCase()
}
