// Explains a failed payment in two texts: a short sentence for the buyer, and the cause for the developer (WeChat's errMsg differs by platform).

import { type Buyer, CAUSES, PENDING, TRY_LATER, UNKNOWN_CAUSE } from './causes.ts'
import type { Said } from './host.ts'
import { RequestError } from './request-error.ts'

/** `ok` does not prove that money came, and `cancel` does not prove that it did not. */
export type Result = 'ok' | 'cancel' | 'fail'

export interface Explanation {
  /** WeChat's own text, or the server's code. */
  errMsg: string
  /** For the buyer: one short sentence, to be shown unchanged. */
  zh: string
  en: string
  /** For the developer, in Chinese: the cause and the fix. Log it and do not show it: it contains technical terms. */
  developer: string
}

/** `[payment微信:-2]` comes from uni-app in apps; `requestPayment:cancel` from WeChat clients up to 6.5.2. */
const CANCELLED = /^requestPayment:(fail[ :]*)?(cancel|\[payment[^:\]]*:-2\])/

/** Platforms report an object. Any other reported or thrown value is converted to text. */
export function asSaid(value: unknown): Said {
  const said = value as Said | null | undefined
  return said && typeof said.errMsg === 'string' ? said : { errMsg: String(value) }
}

export function resultOf(said: Said): Result {
  if (said.errMsg === 'requestPayment:ok') return 'ok'
  return said.errno === 1 || CANCELLED.test(said.errMsg) ? 'cancel' : 'fail'
}

/** Uses the errno if there is one, because texts differ by platform and version; otherwise the text. */
export function explain(said: Said & { err_desc?: unknown }): Explanation {
  const { errMsg, errno, err_desc } = said
  const words = `${errMsg} ${typeof err_desc === 'string' ? err_desc : ''}`
  const byErrno = errno === undefined ? undefined : CAUSES.find((cause) => cause.errno.indexOf(errno) >= 0)
  const { buyer, developer } = byErrno || CAUSES.find((cause) => cause.words.test(words)) || UNKNOWN_CAUSE
  return texts(errMsg, buyer, developer)
}

/** Explains an error thrown before requestPayment or in its place. */
export function explainError(error: unknown): Explanation {
  if (!(error instanceof RequestError)) return explain(asSaid(error))
  const { outcome, errMsg, message, buyer } = error
  return texts(errMsg, buyer || (outcome === 'unknown' ? PENDING : TRY_LATER), message)
}

const texts = (errMsg: string, [zh, en]: Buyer, developer: string): Explanation => ({ errMsg, zh, en, developer })
