// What logs, metrics and traces may know of an attempt: never a header, a body, a query or a key.

export interface AttemptStart {
  method: 'GET' | 'POST'
  /** Without the query. Numbers of orders are in it; no person is. */
  path: string
  /** `https://api.mch.weixin.qq.com` */
  host: string
  /** 1 for the first. */
  attempt: number
}

export interface AttemptEnd {
  duration_ms: number
  /** Of the answer, verified or not. */
  status?: number | undefined
  /** WeChat's clock by the answer's `Date`, to the second, in epoch milliseconds. Not signed: good for a warning, not for a decision about money. */
  date?: number | undefined
  /** WeChat's own number for the exchange: always log it. */
  request_id?: string | undefined
  /** Code of the error, when no answer came. */
  error?: string | undefined
}

export interface Hooks {
  /** Called as an attempt begins; what it returns is called as the attempt ends. */
  attempt?: ((start: AttemptStart) => ((end: AttemptEnd) => void) | undefined) | undefined
}

/** An observer that throws changes nothing: once a request is sent, its error would hide whether it happened. */
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
