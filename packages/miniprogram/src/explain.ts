// What requestPayment's words mean, and what a person can do (WeChat's errMsg variants; they differ by platform).

import { CAUSES, UNKNOWN_CAUSE } from './causes.ts'
import type { Said } from './host.ts'

/** `ok` is no proof that money came, and `cancel` none that it did not. */
export type Result = 'ok' | 'cancel' | 'fail'

export interface Explanation {
  /** WeChat's own words. */
  errMsg: string
  zh: string
  en: string
}

/** `[payment微信:-2]` is uni-app's way to say it in apps; `requestPayment:cancel` that of clients up to 6.5.2. */
const CANCELLED = /^requestPayment:(fail[ :]*)?(cancel|\[payment[^:\]]*:-2\])/

export function resultOf(said: Said): Result {
  if (/^requestPayment:ok$/.test(said.errMsg)) return 'ok'
  return said.errno === 1 || CANCELLED.test(said.errMsg) ? 'cancel' : 'fail'
}

/** By errno where there is one, because texts differ by platform and version; else by text. */
export function explain(said: Said & { err_desc?: unknown }): Explanation {
  const { errMsg, errno, err_desc } = said
  const words = `${errMsg} ${typeof err_desc === 'string' ? err_desc : ''}`
  const byErrno = errno === undefined ? undefined : CAUSES.find((cause) => cause.errno.indexOf(errno) >= 0)
  const { zh, en } = byErrno || CAUSES.find((cause) => cause.words.test(words)) || UNKNOWN_CAUSE
  return { errMsg, zh, en }
}
