// A request without a usable answer: either a refusal by the server, or no answer at all.

import type { Buyer } from './causes.ts'

/** The server refused, or its answer did not arrive. Branch on `outcome`, then on `code`. */
export class RequestError extends Error {
  /** HTTP status; 0 if no answer came. */
  readonly status: number
  /** The server's code; `not_heard` if the answer did not come from our server. */
  readonly code: string
  /** `refused`: certainly not done. `unknown`: it may have been done; only a query of the order tells. */
  readonly outcome: 'refused' | 'unknown'
  /** The platform's text if no answer came; otherwise the code. */
  readonly errMsg: string

  /** The server's sentence for the buyer, with the support id; absent if the server's answer did not arrive. */
  readonly buyer: Buyer | undefined

  constructor(status: number, code: string, detail: string, refused: boolean, buyer?: Buyer, errMsg: string = code) {
    super(detail)
    this.name = 'RequestError'
    this.status = status
    this.code = code
    this.outcome = refused ? 'refused' : 'unknown'
    this.errMsg = errMsg
    this.buyer = buyer
  }
}
