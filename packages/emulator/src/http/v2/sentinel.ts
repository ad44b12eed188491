// Errors on request over v2: a body or refund_desc that begins with `sentinel:CODE` is answered with that err_code, if the endpoint documents it.

import type { Fields } from '@cashdesk/protocol/v2'
import { V2_COMMON_ERRORS } from '@cashdesk/protocol/v2/spec'
import { provoked } from '../v3/sentinel.ts'
import { V2Refusal } from './refusal.ts'

/** Refuses the request when it asks for an error. @throws V2Refusal */
export function checkV2Sentinel(errors: readonly string[], { body, refund_desc }: Fields): void {
  const code = [body, refund_desc].map((text) => /^sentinel:([A-Z_]+)/.exec(text ?? '')?.[1]).find((found) => found !== undefined)
  if (code !== undefined && [...errors, ...V2_COMMON_ERRORS].includes(code)) throw provokedInV2(code)
}

/** The refusal with this code, and with WeChat's sentence for it where that is known. */
export function provokedInV2(code: string): V2Refusal {
  return new V2Refusal(code, provoked({ status: 200, code }).message)
}
