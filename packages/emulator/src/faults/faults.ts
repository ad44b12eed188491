// The faults that are armed: each strikes a counted number of times where it matches.

import type { FaultName } from './catalogue.ts'

export interface FaultInput {
  fault: FaultName
  /** Where it strikes: everywhere when absent. `path` is a prefix of the request's path, or of the notify_url's path. */
  match?: { path?: string }
  /** How often; 1 when absent. */
  times?: number
  /** `answer.unsigned`: the one header to leave out. */
  header?: string
  /** `…stale` and `…future`: how far from now; 600 when absent. */
  seconds?: number
}

export interface ArmedFault extends FaultInput {
  id: number
  remaining: number
}

export interface Faults {
  add(input: FaultInput): ArmedFault
  list(): readonly ArmedFault[]
  /** Takes back one fault, or all of them. Says whether there was any. */
  remove(id?: number): boolean
  /** The oldest armed fault among `names` that matches; striking uses it up by one. */
  strike(names: readonly FaultName[], path: string): ArmedFault | undefined
}

export function createFaults(): Faults {
  let armed: ArmedFault[] = []
  let lastId = 0
  return {
    add(input) {
      lastId += 1
      const fault = { ...input, id: lastId, remaining: input.times ?? 1 }
      armed.push(fault)
      return fault
    },
    list: () => armed,
    remove(id) {
      const before = armed.length
      armed = id === undefined ? [] : armed.filter((fault) => fault.id !== id)
      return armed.length < before
    },
    strike(names, path) {
      const fault = armed.find((candidate) => names.includes(candidate.fault) && path.startsWith(candidate.match?.path ?? ''))
      if (!fault) return undefined
      fault.remaining -= 1
      if (fault.remaining <= 0) armed = armed.filter((other) => other !== fault)
      return fault
    },
  }
}
