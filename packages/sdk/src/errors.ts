// Errors of a call to WeChat. Each says whether the request may have been carried out (`outcome`), because the caller must know that.

import { CashdeskError, type ErrorCode, type Facts, MessageError, type Outcome } from '@cashdesk/protocol'

/** The request breaks a documented rule. It was not sent. */
export class RequestError extends CashdeskError {
  readonly outcome: Outcome = 'refused'
}

/**
 * There is no key to verify WeChat's answer with, so nothing was sent: the platform certificates could not be downloaded (`cause`), have all expired,
 * or this merchant has none. Valid certificates stay in use when a download fails, so this happens only before the first download or long after the last.
 */
export class NoTrustedKeyError extends CashdeskError {
  readonly outcome: Outcome = 'refused'

  constructor(cause: unknown) {
    super(
      'ERR_NO_TRUSTED_KEY',
      {
        reason: cause instanceof CashdeskError ? cause.code : 'no certificate is valid',
        if_wechat_has_none: 'download the public key in the merchant platform and give publicKeys',
      },
      { cause },
    )
  }
}

/** No answer came: the network failed or the deadline passed. */
export class NetworkError extends CashdeskError {
  readonly outcome: Outcome = 'unknown'
}

/** The answer cannot be trusted: not signed, wrongly signed, stale, or not readable. `cause` says which. */
export class UntrustedAnswerError extends CashdeskError {
  readonly outcome: Outcome = 'unknown'
}

/** The answer is authentic, but lacks a documented field, such as the prepay_id. `code` is ERR_MESSAGE_SHAPE; `facts.where` names the field. */
export class UnreadableAnswerError extends MessageError {
  readonly outcome: Outcome = 'unknown'

  constructor(cause: MessageError) {
    super(cause.code, cause.facts, { cause })
  }
}

export interface Refusal {
  status: number
  /** WeChat's code, exactly as written: `ORDER_NOT_EXIST`, `ORDERNOTEXIST`, … Empty if the body had none. */
  code: string
  /** WeChat's text, for people. Do not branch on it. */
  message: string
  detail?: unknown
  request_id?: string | undefined
  /** Seconds, if WeChat sent Retry-After. */
  retry_after_s?: number | undefined
  /** Whether the answer's signature was verified. Refusals by WeChat's front end are not signed. */
  signed: boolean
  /** Why a signature that came with the refusal does not verify: `ERR_SIGNATURE_MISMATCH`, `ERR_SERIAL_UNKNOWN`, … Absent when it does, and when none came. */
  signature_fault?: string | undefined
}

/** WeChat Pay refused. Branch on `outcome` and `refusal.code`. */
export class ApiError extends CashdeskError {
  readonly outcome: Outcome
  readonly refusal: Refusal

  constructor(outcome: Outcome, refusal: Refusal, request: string) {
    super(outcome === 'refused' ? 'ERR_API' : 'ERR_API_UNKNOWN', {
      request,
      status: refusal.status,
      wechat_code: refusal.code,
      wechat_message: refusal.message.slice(0, 256),
      issue: issueOf(refusal.detail),
      request_id: refusal.request_id,
      signed: String(refusal.signed),
    })
    this.outcome = outcome
    this.refusal = refusal
  }

  /** Whether WeChat's code is one of these, whichever of its two spellings it used (`ORDER_NOT_EXIST` and `ORDERNOTEXIST`). */
  is(...codes: readonly string[]): boolean {
    const plain = this.refusal.code.replaceAll('_', '')
    return codes.some((code) => code.replaceAll('_', '') === plain)
  }
}

export interface MiniProgramRefusal {
  errcode: number
  /** WeChat's text, for people. Secrets of our request that WeChat repeated in it are removed. */
  errmsg: string
  /** `retry`: it was not carried out, and the same call may succeed later. */
  meaning: 'refused' | 'unknown' | 'retry'
  /** What to do about it. */
  hint?: string | undefined
  /** Whether the access token was renewed during the call. If so, an old token is not the cause. */
  token_renewed: boolean
}

/** A mini-program API answered with an errcode (HTTP 200). Branch on `outcome`, `errcode` and `meaning`. */
export class MiniProgramApiError extends CashdeskError {
  readonly outcome: Outcome
  readonly errcode: number
  readonly meaning: MiniProgramRefusal['meaning']
  readonly token_renewed: boolean
  readonly hint: string | undefined

  constructor({ errcode, errmsg, meaning, hint, token_renewed }: MiniProgramRefusal, request: string) {
    super('ERR_MINI_PROGRAM', { request, errcode, errmsg: errmsg.slice(0, 256), hint, token_renewed: token_renewed ? 'yes' : undefined })
    this.outcome = meaning === 'unknown' ? 'unknown' : 'refused'
    this.errcode = errcode
    this.meaning = meaning
    this.token_renewed = token_renewed
    this.hint = hint
  }
}

/** Whether an error of this package says that the request was not carried out. After any other error, query WeChat for the state. */
export function isRefused(error: unknown): boolean {
  const typed =
    error instanceof RequestError || error instanceof NoTrustedKeyError || error instanceof ApiError || error instanceof MiniProgramApiError
  return typed && error.outcome === 'refused'
}

export type { ErrorCode, Facts, Outcome }

function issueOf(detail: unknown): string | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined
  const { field, issue } = detail as { field?: unknown; issue?: unknown }
  const parts = [field, issue].filter((part): part is string => typeof part === 'string')
  return parts.length > 0 ? parts.join(': ').slice(0, 256) : undefined
}
