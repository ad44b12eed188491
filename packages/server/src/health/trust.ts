// Whether a merchant and WeChat can verify each other. Wrong keys show at the first answers; a person must learn of it before the first buyer does.

import { ApiError, DecryptError, NoTrustedKeyError, SignatureError, UntrustedAnswerError } from '@cashdesk/sdk'

/** `answers`: WeChat's answers cannot be verified. `notifications`: they are authentic but cannot be decrypted. `requests`: WeChat rejects our signature. */
export const TRUST_FAULTS = ['answers', 'notifications', 'requests'] as const
export type TrustFault = (typeof TRUST_FAULTS)[number]

const TRUST_SENTENCES: Readonly<Record<TrustFault, Readonly<Record<'en' | 'zh', string>>>> = {
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
  /** Reports the result of a call: an answer, or the error that ended it. */
  answered(error?: unknown): void
  /** Reports that a notification was opened, or the error that prevented it. */
  notified(error?: unknown): void
  /** Whether the last answer could be verified; false before the first. */
  isGood(): boolean
  faults(): TrustFault[]
}

/** A single bad message may be damaged in transit; this many in a row mean that our keys are wrong. */
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
      // Decryption is tried only after the signature was verified, so the API v3 key is wrong.
      else if (error instanceof DecryptError) bad.notifications++
    },
    isGood: () => good,
    faults: () => TRUST_FAULTS.filter((fault) => bad[fault] >= IN_A_ROW),
  }
}

/**
 * Whether the error says that our keys are wrong: a signature that they do not
 * verify. A firewall's page has no signature, and a wrong clock has its own code.
 */
function isAboutKeys(error: unknown): boolean {
  if (error instanceof NoTrustedKeyError) return error.cause instanceof DecryptError
  // A refusal counts too: to a merchant that has only the public key, GET /v3/certificates is refused, and that answer is signed.
  const fault = error instanceof ApiError ? error.refusal.signature_fault : signatureFaultOf(error)
  return fault === 'ERR_SIGNATURE_MISMATCH' || fault === 'ERR_SERIAL_UNKNOWN'
}

function signatureFaultOf(error: unknown): string | undefined {
  return error instanceof UntrustedAnswerError && error.cause instanceof SignatureError ? error.cause.code : undefined
}

export interface Untrusted {
  merchant: string
  faults: TrustFault[]
  detail: string[]
}

/** Merchants whose keys are wrong now, each with what to check. */
export function untrusted(merchants: Iterable<{ id: string; trust: Trust }>, language: 'en' | 'zh'): Untrusted[] {
  return [...merchants].flatMap(({ id, trust }) => {
    const faults = trust.faults()
    return faults.length === 0 ? [] : [{ merchant: id, faults, detail: faults.map((fault) => TRUST_SENTENCES[fault][language]) }]
  })
}
