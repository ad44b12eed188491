// One fault: where it strikes, how often, and how many strikes are left.

import type { FaultName } from './catalogue.ts'

export interface FaultInput {
  fault: FaultName
  /** Where it strikes; everywhere when absent. `path` is a prefix of the request's path, or of the notify_url's path. */
  match?: { path?: string }
  /** How many times it strikes; 1 when absent. */
  times?: number
  /** `answer.unsigned`: the one header to leave out. */
  header?: string
  /** Seconds of offset or of duration, depending on the fault. Each fault has its own default. */
  seconds?: number
  /** `request.refused`: the error code to answer with. */
  code?: string
}

export interface ArmedFault extends FaultInput {
  id: number
  remaining: number
}
