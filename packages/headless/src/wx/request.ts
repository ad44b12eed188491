// wx.request: every HTTP status is a success. Only a missing answer is a failure, with WeChat's errno.

import { record } from '../pages/definition.ts'
import { type Api, Failure, type Result } from './call.ts'
import type { Fetch } from './wechat.ts'

export interface SeenRequest {
  method: string
  url: string
  /** Undefined until an answer came, and for ever when there was none. */
  status: number | undefined
}

const METHODS = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'])
const TIMEOUT_MS = 60_000

export function requestApi(fetch: Fetch, seen: SeenRequest[], closed: AbortSignal): (aborted: AbortSignal) => Api {
  return (aborted) => async (options) => {
    const { method = 'GET', timeout = TIMEOUT_MS, dataType = 'json', responseType = 'text' } = options
    const verb = String(method).toUpperCase()
    if (!METHODS.has(verb)) throw new Failure(`invalid method "${verb}"`, { errno: 600005 })
    const url = urlOf(options, verb)
    const entry: SeenRequest = { method: verb, url: url.href, status: undefined }
    seen.push(entry)
    const late = AbortSignal.timeout(Number(timeout))
    const signal = AbortSignal.any([late, aborted, closed])
    const request = new Request(url, {
      method: verb,
      headers: { 'content-type': 'application/json', ...headersOf(options) },
      body: bodyOf(options, verb),
      signal,
    })
    try {
      const response = await unlessAborted(fetch(request), signal)
      const bytes = await unlessAborted(response.arrayBuffer(), signal)
      entry.status = response.status
      return { statusCode: response.status, header: headerOf(response), cookies: response.headers.getSetCookie(), data: dataOf(bytes) }
    } catch (error) {
      if (late.aborted) throw new Failure('timeout', { errno: 5 })
      if (aborted.aborted) throw new Failure('abort')
      throw new Failure(error instanceof Error ? error.message : String(error), { errno: 600001 })
    }

    function dataOf(bytes: ArrayBuffer): unknown {
      if (responseType === 'arraybuffer') throw new Failure("the headless host reads 'text' answers only")
      const text = new TextDecoder().decode(bytes)
      if (dataType !== 'json') return text
      try {
        return JSON.parse(text)
      } catch {
        return text
      }
    }
  }
}

/** Rejects when the signal is aborted, because a fetch inside this process may ignore its signal. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function urlOf({ url, data }: Result, verb: string): URL {
  const parsed = URL.canParse(String(url)) ? new URL(String(url)) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new Failure(`invalid url "${String(url)}"`, { errno: 600009 })
  if (verb === 'GET') for (const [name, value] of Object.entries(record(data))) parsed.searchParams.set(name, String(value))
  return parsed
}

function headersOf({ header }: Result): Record<string, string> {
  const entries = Object.entries(record(header)).map(([name, value]) => [name.toLowerCase(), String(value)])
  // A program cannot set Referer: WeChat sets it itself.
  return Object.fromEntries(entries.filter(([name]) => name !== 'referer'))
}

function bodyOf(options: Result, verb: string): string | null {
  const { data } = options
  if (verb === 'GET' || verb === 'HEAD' || data === undefined || data === null) return null
  if (typeof data === 'string') return data
  const form = headersOf(options)['content-type']?.includes('x-www-form-urlencoded')
  return form ? formOf(record(data)) : JSON.stringify(data)
}

function formOf(data: Result): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(data)) form.set(name, String(value))
  return form.toString()
}

function headerOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries(headers)
}
