// Errors on request over v2: `sentinel:CODE` in body or refund_desc is answered with that err_code where the endpoint documents it.

import type { Fields } from '@cashdesk/protocol/v2'
import { V2_COMMON_ERRORS } from '@cashdesk/protocol/v2/spec'
import { provoked } from '../v3/sentinel.ts'
import { V2Refusal } from './refusal.ts'

/** @throws V2Refusal */
export function checkV2Sentinel(errors: readonly string[], { body, refund_desc }: Fields): void {
  const code = [body, refund_desc].map((text) => /^sentinel:([A-Z_]+)/.exec(text ?? '')?.[1]).find((found) => found !== undefined)
  if (code !== undefined && [...errors, ...V2_COMMON_ERRORS].includes(code)) throw provokedInV2(code)
}

/** With the sentence that is known for it. */
export function provokedInV2(code: string): V2Refusal {
  return new V2Refusal(code, provoked({ status: 200, code }).message)
}
