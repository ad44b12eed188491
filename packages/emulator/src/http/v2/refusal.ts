// The two refusals of v2: `return_code` FAIL, never signed, when the message itself is wrong;
// otherwise `result_code` FAIL with an err_code (v2-protocol §1, §3).

import { Refusal } from '../../platform/refusal.ts'

/** The message is malformed or its signature wrong. `code` is recorded for people who look at the requests; over the wire only the text is sent. */
export class V2Failure extends Error {
  readonly code: string
  /** Further fields beside return_code and return_msg. */
  readonly more: Readonly<Record<string, string>>

  constructor(code: string, return_msg: string, more: Readonly<Record<string, string>> = {}) {
    super(return_msg)
    this.code = code
    this.more = more
  }
}

export class V2Refusal extends Error {
  readonly err_code: string

  constructor(err_code: string, err_code_des: string) {
    super(err_code_des)
    this.err_code = err_code
  }
}

/** v2's spelling of the platform's codes. A code that is missing here is the same in v2. */
const SPELLING: Readonly<Record<string, string>> = {
  ORDER_PAID: 'ORDERPAID',
  ORDER_CLOSED: 'ORDERCLOSED',
  ORDER_NOT_EXIST: 'ORDERNOTEXIST',
  RESOURCE_NOT_EXISTS: 'ORDERNOTEXIST',
  NOT_ENOUGH: 'NOTENOUGH',
  SYSTEM_ERROR: 'SYSTEMERROR',
  NO_AUTH: 'NOAUTH',
  SIGN_ERROR: 'SIGNERROR',
  MCH_NOT_EXISTS: 'MCHID_NOT_EXIST',
}

/** v2 and v3 share one platform: the platform refuses once, and this gives the refusal its v2 code. */
export function refusalInV2({ code, message }: Refusal): V2Refusal {
  return new V2Refusal(SPELLING[code] ?? code, message)
}

/** Replaces codes of the platform by codes that only this endpoint has. @throws V2Refusal */
export function spelled<T>(codes: Readonly<Record<string, string>>, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const code = error instanceof Refusal ? codes[error.code] : undefined
    if (!(error instanceof Refusal) || code === undefined) throw error
    throw new V2Refusal(code, error.message)
  }
}
