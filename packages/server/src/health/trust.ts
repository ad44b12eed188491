// Whether a merchant and WeChat can believe each other. Wrong keys show themselves at the first answers; a person must hear of it before the first buyer does.

import { ApiError, DecryptError, NoTrustedKeyError, SignatureError, UntrustedAnswerError } from '@cashdesk/sdk'

/** `answers`: WeChat's cannot be verified. `notifications`: they are WeChat's, and cannot be opened. `requests`: WeChat does not accept our signature. */
export const TRUST_FAULTS = ['answers', 'notifications', 'requests'] as const
export type TrustFault = (typeof TRUST_FAULTS)[number]

export const TRUST_SENTENCES: Readonly<Record<TrustFault, Readonly<Record<'en' | 'zh', string>>>> = {
  answers: {
    en: 'WeChat’s answers cannot be verified. Look at public_keys (id and pub_key.pem) and, for platform certificates, at api_v3_key.',
    zh: '微信的应答无法验签。请检查 public_keys（公钥 ID 与 pub_key.pem）；使用平台证书时请检查 api_v3_key。',
  },
  notifications: {
    en: 'WeChat’s notifications cannot be opened: api_v3_key is not the one that is set on the merchant platform.',
    zh: '微信的通知无法解密：api_v3_key 与商户平台设置的不一致。',
  },
  requests: {
    en: 'WeChat refuses our signature (SIGN_ERROR): private_key and serial_no do not belong together, or not to mchid.',
    zh: '微信拒绝了我方签名（SIGN_ERROR）：private_key 与 serial_no 不匹配，或不属于该 mchid。',
  },
}

export interface Trust {
  /** A call was answered, or ended with this error. */
  answered(error?: unknown): void
  /** A notification was opened, or could not be. */
  notified(error?: unknown): void
  /** Whether the last answer could be verified; not before there was one. */
  isGood(): boolean
  faults(): TrustFault[]
}

/** One may be damaged on its way; as many in a row, with none good between, are our keys. */
const IN_A_ROW = 3

export function createTrust(): Trust {
  let good = false
  const bad: Record<TrustFault, number> = { answers: 0, notifications: 0, requests: 0 }
  return {
    answered(error) {
      const refusal = error instanceof ApiError ? error.refusal : undefined
      if (error === undefined || refusal?.signed) bad.answers = 0
      else if (isAboutKeys(error)) bad.answers++
      if (error instanceof ApiError && error.is('SIGN_ERROR')) bad.requests++
      else if (error === undefined || refusal?.signed) bad.requests = 0
      if (error === undefined || refusal?.signed) good = true
      else if (isAboutKeys(error)) good = false
    },
    notified(error) {
      if (error === undefined) bad.notifications = 0
      // Its signature was good, or it would not have been tried.
      else if (error instanceof DecryptError) bad.notifications++
    },
    isGood: () => good,
    faults: () => TRUST_FAULTS.filter((fault) => bad[fault] >= IN_A_ROW),
  }
}

/** An answer with a signature that our keys do not verify. A page of a firewall has none, and says nothing about keys; a wrong clock has a name of its own. */
function isAboutKeys(error: unknown): boolean {
  if (error instanceof NoTrustedKeyError) return error.cause instanceof DecryptError
  if (!(error instanceof UntrustedAnswerError) || !(error.cause instanceof SignatureError)) return false
  return error.cause.code === 'ERR_SIGNATURE_MISMATCH' || error.cause.code === 'ERR_SERIAL_UNKNOWN'
}

export interface Untrusted {
  merchant: string
  faults: TrustFault[]
  detail: string[]
}

/** Merchants that WeChat and we cannot believe now, each with what to look at. */
export function untrusted(merchants: Iterable<{ id: string; trust: Trust }>, language: 'en' | 'zh'): Untrusted[] {
  return [...merchants].flatMap(({ id, trust }) => {
    const faults = trust.faults()
    return faults.length === 0 ? [] : [{ merchant: id, faults, detail: faults.map((fault) => TRUST_SENTENCES[fault][language]) }]
  })
}
