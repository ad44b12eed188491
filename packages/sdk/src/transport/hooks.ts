// What hooks for logs, metrics and traces are told about an attempt: never a header, a body, a query or a key.

import type { Method } from '../ports.ts'

export interface AttemptStart {
  method: Method
  /** Without the query. It may contain order numbers, but nothing that identifies a person. */
  path: string
  /** `https://api.mch.weixin.qq.com` */
  host: string
  /** 1 for the first attempt. */
  attempt: number
}

export interface AttemptEnd {
  duration_ms: number
  /** HTTP status of the answer, verified or not. */
  status?: number | undefined
  /** WeChat's time from the answer's `Date` header, to the second, in epoch milliseconds. Not signed: use it for a warning, not for a decision about money. */
  date?: number | undefined
  /** WeChat's number of the exchange. Always log it, because their support asks for it. */
  request_id?: string | undefined
  /** Code of the error, if no answer came. */
  error?: string | undefined
}

export interface Hooks {
  /** Called when an attempt starts. The function it returns is called when the attempt ends. */
  attempt?: ((start: AttemptStart) => ((end: AttemptEnd) => void) | undefined) | undefined
}

/** An error thrown by a hook is ignored: after a request was sent, it would hide whether the request was carried out. */
export function watched(hooks: Hooks, start: AttemptStart): (end: AttemptEnd) => void {
  const ended = silent(() => hooks.attempt?.(start))
  return (end) => silent(() => ended?.(end))
}

function silent<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
