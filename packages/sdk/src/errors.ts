// What can go wrong on the way to WeChat, each with the one thing the caller must know: did it happen?

import { CashdeskError, type ErrorCode, type Facts, MessageError, type Outcome } from '@cashdesk/protocol'

/** The request breaks a documented rule and was not sent. */
export class RequestError extends CashdeskError {
  readonly outcome: Outcome = 'refused'
}

/**
 * There is no key to verify WeChat's answer with, so nothing was sent: the platform certificates could not be downloaded (`cause`), have all expired,
 * or this merchant has none. What is known and valid stays in use, so this happens only before the first download, or long after the last.
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

/** An answer came that we cannot trust: not signed, wrongly signed, stale, or not readable. `cause` says which. */
export class UntrustedAnswerError extends CashdeskError {
  readonly outcome: Outcome = 'unknown'
}

/** WeChat's answer is authentic, but lacks what the documents promise, such as the prepay_id. `code` is ERR_MESSAGE_SHAPE; `facts.where` names the field. */
export class UnreadableAnswerError extends MessageError {
  readonly outcome: Outcome = 'unknown'

  constructor(cause: MessageError) {
    super(cause.code, cause.facts, { cause })
  }
}

export interface Refusal {
  status: number
  /** WeChat's code, as written: `ORDER_NOT_EXIST`, `ORDERNOTEXIST`, … Empty when the body had none. */
  code: string
  /** WeChat's text: for people only. */
  message: string
  detail?: unknown
  request_id?: string | undefined
  /** Seconds, where WeChat said how long to wait. */
  retry_after_s?: number | undefined
  /** Whether the answer's signature was verified. Front-end refusals are not signed. */
  signed: boolean
}

/** WeChat Pay said no. Branch on `outcome` and `refusal.code`. */
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
  /** WeChat's text, for people only; what it repeated of our request's secrets is cut out. */
  errmsg: string
  /** `retry`: did not happen, and the same call may succeed later. */
  meaning: 'refused' | 'unknown' | 'retry'
  /** What to do about it. */
  hint?: string | undefined
  /** Whether the access token was renewed on the way: then it is not the token. */
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

/** Whether an error of this package says that nothing happened. Everything else must be settled by asking. */
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
