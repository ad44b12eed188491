// A refusal that becomes an HTTP answer. Journeys throw it; only http/answer.ts turns it into a response.

import type { ProblemCode, WechatSaid } from '@cashdesk/contract'

export interface ProblemExtras {
  /** The fields at fault: JSON pointer and what is wrong with it. */
  errors?: readonly { field: string; message: string }[]
  /** Seconds; goes into Retry-After, not into the body. */
  retry_after_s?: number
  /** The scope that the API key lacks. */
  scope?: string
  /** WeChat's own code, for the developer. */
  wechat_code?: string | undefined
  /** Everything WeChat said, for the merchant. It is not sent to a phone. */
  wechat?: WechatSaid | undefined
  /** The support id that the buyer sees and quotes, when it is stored with the order. */
  support_id?: string | undefined
}

export class Problem extends Error {
  readonly code: ProblemCode
  readonly extras: ProblemExtras

  constructor(code: ProblemCode, extras: ProblemExtras = {}, options?: ErrorOptions) {
    super(code, options)
    this.name = 'Problem'
    this.code = code
    this.extras = extras
  }
}
