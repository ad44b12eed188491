// How v2 says no: `return_code` FAIL where the message itself is no good, which is never signed; else `result_code` FAIL with an err_code (v2-protocol §1, §3).

import { Refusal } from '../../platform/refusal.ts'

/** The message is not understood or not trusted. `code` is for people who look at what was seen; over the wire only the text goes. */
export class V2Failure extends Error {
  readonly code: string
  /** More than return_code and return_msg. */
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

/** The bank's codes in v2's spelling; those that are not here are spelled alike. */
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

/** v2 and v3 are one bank: it refuses once, and each says it in its own words. */
export function refusalInV2({ code, message }: Refusal): V2Refusal {
  return new V2Refusal(SPELLING[code] ?? code, message)
}

/** Where the endpoint has a code of its own for one of the bank's. @throws V2Refusal */
export function spelled<T>(codes: Readonly<Record<string, string>>, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const code = error instanceof Refusal ? codes[error.code] : undefined
    if (!(error instanceof Refusal) || code === undefined) throw error
    throw new V2Refusal(code, error.message)
  }
}
