// The v3 gate: verifies the caller as strictly as WeChat does, and in the same order of checks (v3-protocol §2 and §12).

import { type Authorization, assertFresh, CashdeskError, parseAuthorization, requestMessage, verify } from '@cashdesk/protocol'
import type { KeyKind } from '../../../platform/merchants/key-kind.ts'
import type { Merchant, Merchants, SigningKey } from '../../../platform/merchants/merchants.ts'
import { paramError, type Refusal, type RefusalDetail, signError } from '../../../platform/refusal.ts'
import type { Exchange } from '../../exchange.ts'
import type { SeenRequest } from '../../seen.ts'
import { explainMismatch } from './explain.ts'
import type { Explanation } from './explanation.ts'

/** Checks the signature. What was found is recorded in `seen`, also when the request is refused. @throws Refusal 401 */
export function authenticate(merchants: Merchants, exchange: Exchange, now: number, seen: SeenRequest): Merchant {
  seen.verdict = 'refused'
  const authorization = read(exchange, seen)
  seen.mchid = authorization.mchid
  const { timestamp, nonce_str, signature, serial_no } = authorization
  const message = requestMessage(exchange.method, exchange.target, timestamp, nonce_str, exchange.body)
  seen.canonical = message.toString('utf8')

  checkTime(timestamp, now, exchange.path, seen)
  const merchant = merchants.find(authorization.mchid)
  if (!merchant || merchant.serial_no !== serial_no.toUpperCase()) {
    const replaced = merchant?.replaced.has(serial_no.toUpperCase()) ? '商户已更换证书，请使用新证书' : undefined
    const text = replaced ?? '商户证书序列号有误。请使用签名私钥匹配的证书序列号'
    throw explained(seen, serialExplanation(merchants, authorization), signError(text))
  }
  if (merchant.revoked) throw explained(seen, CERTIFICATE_REVOKED, signError('商户证书已作废'))
  if (merchant.notAfter < now) throw explained(seen, CERTIFICATE_EXPIRED, signError('商户证书已过期'))
  if (!verify(merchant.publicKey, message, signature)) {
    const { method, target, origin, body } = exchange
    const parts = { method, target, origin, timestamp, nonce: nonce_str, body: body.toString('utf8') }
    const explanation = explainMismatch(merchants, merchant.publicKey, signature, message, parts)
    throw explained(seen, explanation, signError('签名错误', mismatchDetail(exchange, authorization, message.length)))
  }
  seen.verdict = 'accepted'
  return merchant
}

/** The key that signs answers to this merchant when it asks for none: the certificate as long as it has one (v3-protocol §7). */
export function ownKey(merchants: Merchants, { keyKind, wechatpayKey }: Merchant): SigningKey {
  return keyKind === 'public_key' ? wechatpayKey : merchants.platformKey
}

/** The key that will sign the answer (v3-protocol §7). @throws Refusal when Wechatpay-Serial names no key of this merchant. */
export function answerKey(merchants: Merchants, merchant: Merchant, headers: Headers): SigningKey {
  const asked = headers.get('Wechatpay-Serial')?.toUpperCase()
  if (!asked) return ownKey(merchants, merchant)
  const { keyKind, wechatpayKey } = merchant
  if (asked === wechatpayKey.serial && keyKind !== 'certificate') return wechatpayKey
  // While certificates rotate, the client chooses by serial which one signs.
  const platform = keyKind === 'public_key' ? undefined : merchants.platformCertificates().find(({ key }) => key.serial === asked)
  if (platform) return platform.key
  throw paramError('平台证书序列号Wechatpay-Serial错误', {
    field: 'Wechatpay-Serial',
    value: asked.slice(0, 64),
    issue: `no key of this merchant has this serial; it has ${HELD[keyKind]}`,
  })
}

const HELD: Readonly<Record<KeyKind, string>> = {
  public_key: 'the public key only',
  certificate: 'platform certificates only',
  both: 'the public key and platform certificates',
}

function read(exchange: Exchange, seen: SeenRequest): Authorization {
  const header = exchange.headers.get('Authorization') ?? ''
  try {
    return parseAuthorization(header)
  } catch (error) {
    if (!(error instanceof CashdeskError)) throw error
    const part = header ? String(error.facts['part']) : 'missing'
    const explanation = {
      cause: `authorization_${part}`,
      differs_in: 'header',
      en: `Authorization, ${part}: ${error.facts['problem']}.`,
      zh: `Authorization 头格式不符（${part}）：应为 WECHATPAY2-SHA256-RSA2048 加空格，后接以逗号连接、无空格的五个 key="value"。`,
    } as const
    throw explained(seen, explanation, header && part === 'scheme' ? unknownScheme(exchange.path) : malformed(exchange.path))
  }
}

/** Order endpoints answer every malformed header with one text; other endpoints have a separate text for an unknown scheme (v3-protocol §12). */
function malformed(path: string): Refusal {
  if (path.startsWith('/v3/pay/')) return signError('签名信息错误，验签失败')
  return signError('Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》')
}

function unknownScheme(path: string): Refusal {
  return path.startsWith('/v3/pay/') ? malformed(path) : signError('HTTP头Authorization认证类型不正确')
}

function checkTime(timestamp: string, now: number, path: string, seen: SeenRequest): void {
  try {
    assertFresh(timestamp, now)
  } catch (error) {
    if (!(error instanceof CashdeskError)) throw error
    if (error.code === 'ERR_TIMESTAMP_INVALID') {
      const explanation = {
        cause: 'timestamp_invalid',
        differs_in: 'timestamp',
        en: 'timestamp must be Unix seconds.',
        zh: 'timestamp 必须是 Unix 秒数。',
      } as const
      throw explained(seen, explanation, malformed(path))
    }
    const seconds = Number(timestamp) - Math.floor(now / 1000)
    const explanation = {
      cause: 'timestamp_window',
      differs_in: 'timestamp',
      en: `timestamp is ${seconds} s away from WeChat's clock; ±300 s are allowed. It must be Unix seconds, and the clock must be right.`,
      zh: `timestamp 与微信支付时钟相差 ${seconds} 秒，允许 ±300 秒。应为 Unix 秒数，且本机时钟需准确。`,
    } as const
    throw explained(seen, explanation, signError('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟'))
  }
}

const CERTIFICATE_REVOKED: Explanation = {
  cause: 'certificate_revoked',
  differs_in: 'serial',
  en: 'The merchant API certificate was revoked: apply for a new one in the merchant platform.',
  zh: '商户 API 证书已作废：请在商户平台重新申请。',
}

const CERTIFICATE_EXPIRED: Explanation = {
  cause: 'certificate_expired',
  differs_in: 'serial',
  en: 'The merchant API certificate has expired: apply for a new one in the merchant platform.',
  zh: '商户 API 证书已过期：请在商户平台重新申请。',
}

function serialExplanation(merchants: Merchants, { mchid, serial_no }: Authorization): Explanation {
  const differs_in = 'serial'
  if (!merchants.find(mchid))
    return { cause: 'mchid_unknown', differs_in, en: `No merchant has the number ${mchid}.`, zh: `不存在商户号 ${mchid}。` }
  const serial = serial_no.toUpperCase()
  if (serial === merchants.platformKey.serial || serial.startsWith('PUB_KEY_ID_')) {
    return {
      cause: 'platform_serial_used',
      differs_in,
      en: "serial_no must be the merchant API certificate's; this one belongs to WeChat's own key.",
      zh: 'serial_no 应为商户 API 证书的序列号；当前填写的是微信支付平台证书或公钥的编号。',
    }
  }
  if (merchants.find(mchid)?.replaced.has(serial)) {
    return {
      cause: 'certificate_replaced',
      differs_in,
      en: 'This merchant API certificate has been replaced: sign with the new private key and send the new serial number.',
      zh: '该商户 API 证书已被更换：请使用新证书的私钥签名，并填写新证书的序列号。',
    }
  }
  const owner = merchants.all().find((merchant) => merchant.serial_no === serial)
  return owner
    ? {
        cause: 'other_merchant_serial',
        differs_in,
        en: `This certificate belongs to merchant ${owner.mchid}.`,
        zh: `该证书属于商户 ${owner.mchid}。`,
      }
    : {
        cause: 'serial_unknown',
        differs_in,
        en: `Merchant ${mchid} has no certificate with this serial.`,
        zh: `商户 ${mchid} 没有该序列号的证书。`,
      }
}

const SHOWN_BODY_CHARACTERS = 8

/** The signed message as real refusals show it: all lines, but only the beginning of the body (v3-protocol §12). */
function mismatchDetail({ method, target, body }: Exchange, { timestamp, nonce_str }: Authorization, length: number): RefusalDetail {
  const start = body.toString('utf8').slice(0, SHOWN_BODY_CHARACTERS)
  return {
    field: 'signature',
    location: 'authorization',
    detail: { issue: 'sign not match' },
    sign_information: {
      method,
      url: target,
      truncated_sign_message: `${method}\n${target}\n${timestamp}\n${nonce_str}\n${start}\n`,
      sign_message_length: length,
    },
  }
}

/** Records the explanation. WeChat does not say why, so it is no part of the answer's body. */
function explained(seen: SeenRequest, explanation: Explanation, refusal: Refusal): Refusal {
  seen.explanation = explanation
  return refusal
}
