// The only place where an error becomes an HTTP answer: problem+json (RFC 9457), in the caller's language, without secrets.

import { buyerSentence, PROBLEMS, type ProblemCode } from '@cashdesk/contract'
import { StoreError } from '@cashdesk/store'
import { causeOf } from '../log.ts'
import { Problem } from '../problem.ts'
import { supportId } from '../wechat/said.ts'
import type { World } from '../world.ts'

export type Language = 'en' | 'zh'

/** Chinese when Accept-Language begins with it, otherwise English. */
export function languageOf(request: Request): Language {
  return /^\s*zh\b/i.test(request.headers.get('accept-language') ?? '') ? 'zh' : 'en'
}

export function problemResponse(world: World, request: Request, error: unknown): Response {
  const problem = asProblem(error)
  const { retry_after_s = 2, wechat, support_id: known, ...extras } = problem.extras
  const { status, ...sentence } = PROBLEMS[problem.code]
  const language = languageOf(request)
  const path = new URL(request.url).pathname
  const support_id = path.startsWith('/client/') ? (known ?? supportId(world.random)) : undefined
  if (status >= 500 || support_id !== undefined) {
    // The sampled log is used, because a flooded server must not write a line for each request that it refuses.
    world.logOfStrangers(status >= 500 ? 'request.failed' : 'request.refused', {
      path,
      method: request.method,
      status,
      code: problem.code,
      ...(problem.cause !== undefined && causeOf(problem.cause)),
      ...(support_id && { support_id }),
    })
  }
  const body = {
    type: `https://cashdesk.dev/problems/${problem.code}`,
    title: title(problem.code),
    status,
    code: problem.code,
    detail: sentence[language],
    ...extras,
    ...(support_id === undefined ? { wechat } : { support_id, buyer: buyerSentence(problem.code, support_id) }),
  }
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': language,
    ...((status === 503 || status === 429) && { 'retry-after': String(retry_after_s) }),
  }
  return new Response(JSON.stringify(body), { status, headers })
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof StoreError && error.code === 'STORE_INPUT') return new Problem('invalid_request', {}, { cause: error })
  if (error instanceof StoreError && error.code === 'STORE_CONSTRAINT') return new Problem('internal', {}, { cause: error })
  if (error instanceof StoreError) return new Problem('store_unavailable', {}, { cause: error })
  return new Problem('internal', {}, { cause: error })
}

function title(code: ProblemCode): string {
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
