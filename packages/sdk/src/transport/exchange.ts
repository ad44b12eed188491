// One HTTP exchange with a deadline and a size limit: it ends in an answer's bytes or in "unknown", never in silence.

import { NetworkError } from '../errors.ts'
import type { Clock, Fetch } from '../ports.ts'

export interface RawAnswer {
  status: number
  headers: Headers
  body: Uint8Array
}

export interface ExchangeLimits {
  deadline_ms: number
  /** Largest answer taken. */
  bytesMax: number
  /** The caller's wish to give up. */
  signal?: AbortSignal | undefined
}

/** @throws NetworkError ERR_NETWORK, ERR_DEADLINE, ERR_ABORTED, ERR_ANSWER_TOO_LARGE: in each case whether it happened is unknown. */
export async function exchange(fetch: Fetch, clock: Clock, limits: ExchangeLimits, url: string, init: RequestInit): Promise<RawAnswer> {
  const abort = new AbortController()
  const request = `${init.method ?? 'GET'} ${pathOf(url)}`
  let cancel = (): void => {}
  let forget = (): void => {}
  const deadline = new Promise<never>((_, reject) => {
    cancel = clock.timer(limits.deadline_ms, () => {
      reject(new NetworkError('ERR_DEADLINE', { request, deadline_ms: limits.deadline_ms }))
      abort.abort()
    })
    limits.signal?.addEventListener('abort', giveUp, { once: true })
    if (limits.signal?.aborted) giveUp()
    function giveUp(): void {
      reject(new NetworkError('ERR_ABORTED', { request }))
      abort.abort()
    }
    forget = () => limits.signal?.removeEventListener('abort', giveUp)
  })
  try {
    // The race makes the deadline hold even for a fetch that does not listen to its signal.
    return await Promise.race([
      receive(fetch, limits, request, new Request(url, { ...init, signal: abort.signal, redirect: 'manual' })),
      deadline,
    ])
  } catch (cause) {
    if (cause instanceof NetworkError) throw cause
    throw new NetworkError('ERR_NETWORK', { request, reason: reasonOf(cause) }, { cause })
  } finally {
    cancel()
    forget()
  }
}

async function receive(fetch: Fetch, limits: ExchangeLimits, request: string, sent: Request): Promise<RawAnswer> {
  const response = await fetch(sent)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > limits.bytesMax) throw new NetworkError('ERR_ANSWER_TOO_LARGE', { request, bytes_max: limits.bytesMax })
    chunks.push(chunk)
  }
  return { status: response.status, headers: response.headers, body: Buffer.concat(chunks) }
}

/** The path without its query: a query may carry a secret (the mini-program APIs put app secrets there). */
function pathOf(url: string): string {
  return new URL(url).pathname
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  const code = (inner as { code?: unknown } | undefined)?.code
  if (typeof code === 'string') return code
  return inner instanceof Error ? inner.name : 'unknown'
}
