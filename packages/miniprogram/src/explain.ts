// What went wrong, in two texts: a short sentence for the buyer, and the cause for the developer (WeChat's errMsg variants differ by platform).

import { type Buyer, CAUSES, PENDING, TRY_LATER, UNKNOWN_CAUSE } from './causes.ts'
import type { Said } from './host.ts'
import { RequestError } from './request-error.ts'

/** `ok` is no proof that money came, and `cancel` none that it did not. */
export type Result = 'ok' | 'cancel' | 'fail'

export interface Explanation {
  /** WeChat's own words, or the server's code. */
  errMsg: string
  /** For the buyer: one short sentence, to be shown as it is. */
  zh: string
  en: string
  /** For the developer, in Chinese: the cause and what to do about it. Log it; it names things that a buyer does not know. */
  developer: string
}

/** `[payment微信:-2]` is uni-app's way to say it in apps; `requestPayment:cancel` that of clients up to 6.5.2. */
const CANCELLED = /^requestPayment:(fail[ :]*)?(cancel|\[payment[^:\]]*:-2\])/

/** Platforms report with an object of theirs; whatever else is thrown or reported is told as text. */
export function asSaid(value: unknown): Said {
  const said = value as Said | null | undefined
  return said && typeof said.errMsg === 'string' ? said : { errMsg: String(value) }
}

export function resultOf(said: Said): Result {
  if (said.errMsg === 'requestPayment:ok') return 'ok'
  return said.errno === 1 || CANCELLED.test(said.errMsg) ? 'cancel' : 'fail'
}

/** By errno where there is one, because texts differ by platform and version; else by text. */
export function explain(said: Said & { err_desc?: unknown }): Explanation {
  const { errMsg, errno, err_desc } = said
  const words = `${errMsg} ${typeof err_desc === 'string' ? err_desc : ''}`
  const byErrno = errno === undefined ? undefined : CAUSES.find((cause) => cause.errno.indexOf(errno) >= 0)
  const { buyer, developer } = byErrno || CAUSES.find((cause) => cause.words.test(words)) || UNKNOWN_CAUSE
  return texts(errMsg, buyer, developer)
}

/** Of an error that was thrown before or instead of requestPayment. */
export function explainError(error: unknown): Explanation {
  if (!(error instanceof RequestError)) return explain(asSaid(error))
  const { outcome, errMsg, message, buyer } = error
  return texts(errMsg, buyer || (outcome === 'unknown' ? PENDING : TRY_LATER), message)
}

const texts = (errMsg: string, [zh, en]: Buyer, developer: string): Explanation => ({ errMsg, zh, en, developer })
