// One fault: where it strikes, how often, and what is left of it.

import type { FaultName } from './catalogue.ts'

export interface FaultInput {
  fault: FaultName
  /** Where it strikes: everywhere when absent. `path` is a prefix of the request's path, or of the notify_url's path. */
  match?: { path?: string }
  /** How often; 1 when absent. */
  times?: number
  /** `answer.unsigned`: the one header to leave out. */
  header?: string
  /** How far from now, or how long; each fault has its default. */
  seconds?: number
  /** `request.refused`: the code. */
  code?: string
}

export interface ArmedFault extends FaultInput {
  id: number
  remaining: number
}
