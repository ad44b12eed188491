// The one way all asynchronous wx functions are called: success, fail and complete, or a promise when none of them is given.

import { isMethod, record } from '../pages/definition.ts'
import type { Realm } from '../program/realm.ts'

export type Result = Record<string, unknown>
export type Api = (options: Record<string, unknown>) => Result | undefined | Promise<Result | undefined>

/** What `fail` is told. The words after `name:fail ` are WeChat's. */
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
      // A timer of the realm, so that what a callback throws is heard, and nothing is called after close().
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

/** Never at once: on a phone the answer comes from another thread. */
async function outcome(name: string, api: Api, options: Record<string, unknown>): Promise<{ ok: boolean; result: Result }> {
  try {
    const answer = await Promise.resolve().then(() => api(options))
    return { ok: true, result: { errMsg: `${name}:ok`, ...answer } }
  } catch (error) {
    if (error instanceof Failure) return { ok: false, result: { errMsg: `${name}:fail ${error.message}`, ...error.more } }
    return { ok: false, result: { errMsg: `${name}:fail ${error instanceof Error ? error.message : String(error)}` } }
  }
}
