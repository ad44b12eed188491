// One request to api.weixin.qq.com. Its errors come as HTTP 200 with an errcode, and become typed errors here (miniprogram-server-api §0).

import { inspect } from 'node:util'
import { MiniProgramApiError, NetworkError, UntrustedAnswerError } from '../errors.ts'
import type { Clock, Fetch } from '../ports.ts'
import { ANSWER_BYTES_MAX, exchange } from '../transport/exchange.ts'
import { overFetch } from '../transport/wire.ts'
import { cut, privateTexts } from './private-texts.ts'

/** Where and how the platform is reached. */
export interface Line {
  baseURL: string
  fetch: Fetch
  clock: Clock
  deadline_ms: number
}

export interface Question {
  method: 'GET' | 'POST'
  path: string
  query?: object | undefined
  body?: object | undefined
}

/** The answer's fields. No errcode and errcode 0 both mean success. @throws MiniProgramApiError, NetworkError, UntrustedAnswerError */
export async function ask(line: Line, question: Question): Promise<Record<string, unknown>> {
  const { status, body } = await send(line, question)
  const request = nameOf(question)
  if (status >= 500) throw new NetworkError('ERR_NETWORK', { request, reason: `HTTP ${status}` })
  const answer = parse(body)
  if (!answer) throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request, status, reason: 'not a JSON object' })
  const { errcode, errmsg } = answer
  if (typeof errcode === 'number' && errcode !== 0) throw await refusal(errcode, cut(String(errmsg ?? ''), privateTexts(question)), request)
  return answer
}

/** For error messages: `POST /wxa/generate_urllink`. */
export function nameOf({ method, path }: Question): string {
  return `${method} ${path}`
}

async function send(line: Line, question: Question): Promise<{ status: number; body: Uint8Array }> {
  const { method, path, query, body } = question
  // Undefined fields are left out of the query, as JSON leaves them out.
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const url = `${line.baseURL}${path}?${new URLSearchParams(pairs)}`
  const sent = body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : { headers: {} }
  const limits = { deadline_ms: line.deadline_ms, bytesMax: ANSWER_BYTES_MAX }
  try {
    return await exchange(overFetch(line.fetch), line.clock, limits, { method, url, ...sent })
  } catch (error) {
    throw error instanceof NetworkError ? withoutSecrets(error, question) : error
  }
}

/** Some fetch functions put the URL into their errors, and our URL contains the app secret. */
function withoutSecrets(error: NetworkError, question: Question): NetworkError {
  const text = inspect(error.cause, { depth: 6 })
  const leaks = privateTexts(question).some((secret) => text.includes(secret))
  return leaks ? new NetworkError(error.code, error.facts) : error
}

/** The table of errcodes is loaded with the first refusal. */
async function refusal(errcode: number, errmsg: string, request: string): Promise<MiniProgramApiError> {
  const { miniProgramErrorSpec } = await import('@cashdesk/protocol/spec')
  const { meaning, hint } = miniProgramErrorSpec(errcode)
  return new MiniProgramApiError({ errcode, errmsg, meaning, hint, token_renewed: false }, request)
}

/** Parses the body as JSON, whatever its content type says. */
function parse(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
