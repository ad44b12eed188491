// The calling convention of all asynchronous wx functions: with success, fail or complete, or with a promise when none of them is given.

import { isMethod, record } from '../pages/definition.ts'
import type { Realm } from '../program/realm.ts'

export type Result = Record<string, unknown>
export type Api = (options: Record<string, unknown>) => Result | undefined | Promise<Result | undefined>

/** The error passed to `fail`. The text after `name:fail ` is WeChat's. */
export class Failure extends Error {
  readonly more: Result

  constructor(words: string, more: Result = {}) {
    super(words)
    this.more = more
  }
}

export function wxFunction(realm: Realm, name: string, api: Api): (options?: unknown) => unknown {
  return (given) => {
    const options = record(given)
    const { success, fail, complete } = options
    const answer = outcome(name, api, options).then(({ ok, result }) => ({ ok, result: realm.copy(result) }))
    if (!isMethod(success) && !isMethod(fail) && !isMethod(complete)) {
      return answer.then(({ ok, result }) => {
        if (ok) return result
        throw result
      })
    }
    void answer.then(({ ok, result }) => {
      // Runs as a timer of the realm, so that errors of callbacks are reported and no callback runs after close().
      const tell = (): void => {
        const heard = ok ? success : fail
        if (isMethod(heard)) heard(result)
        if (isMethod(complete)) complete(result)
      }
      realm.later(tell)
    })
    return undefined
  }
}

/** Always answers asynchronously, because on a phone the answer comes from another thread. */
async function outcome(name: string, api: Api, options: Record<string, unknown>): Promise<{ ok: boolean; result: Result }> {
  try {
    const answer = await Promise.resolve().then(() => api(options))
    return { ok: true, result: { errMsg: `${name}:ok`, ...answer } }
  } catch (error) {
    if (error instanceof Failure) return { ok: false, result: { errMsg: `${name}:fail ${error.message}`, ...error.more } }
    return { ok: false, result: { errMsg: `${name}:fail ${error instanceof Error ? error.message : String(error)}` } }
  }
}
