// A request that brought no answer of the wanted shape, and whether that is a refusal or only silence.

import type { Buyer } from './causes.ts'

/** The server said no, or could not be heard. Branch on `outcome`, then on `code`. */
export class RequestError extends Error {
  /** Of HTTP; 0 when no answer came. */
  readonly status: number
  /** The server's own code; `not_heard` when what came was not an answer of the server. */
  readonly code: string
  /** `refused`: certainly not done. `unknown`: it may have been done; only asking about the order tells. */
  readonly outcome: 'refused' | 'unknown'
  /** The platform's words when no answer came; else the code. */
  readonly errMsg: string

  /** What the server says for the buyer, with the letters to quote; absent when it was not heard. */
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
