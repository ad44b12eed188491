// One HTTP exchange with a deadline and a size limit. It always ends: with the answer's bytes, or with an error of unknown outcome.

import { NetworkError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { type RawAnswer, TooLarge, type Wire, type WireRequest } from './wire.ts'

/** The largest JSON answer that is read, in bytes: far above any of WeChat's. */
export const ANSWER_BYTES_MAX: number = 4 * 1024 * 1024

export interface ExchangeLimits {
  deadline_ms: number
  /** Limit of the answer's size in bytes. */
  bytesMax: number
  /** The caller's signal to give up. */
  signal?: AbortSignal | undefined
}

/** @throws NetworkError ERR_NETWORK, ERR_DEADLINE, ERR_ABORTED, ERR_ANSWER_TOO_LARGE: in each case the outcome is unknown. */
export async function exchange(
  wire: Wire,
  clock: Clock,
  { deadline_ms, bytesMax, signal }: ExchangeLimits,
  sent: Omit<WireRequest, 'signal' | 'bytesMax'>,
): Promise<RawAnswer> {
  const abort = new AbortController()
  /** Built only for an error. */
  const request = (): string => `${sent.method} ${pathOf(sent.url)}`
  let cancel = (): void => {}
  let forget = (): void => {}
  const deadline = new Promise<never>((_, reject) => {
    cancel = clock.timer(deadline_ms, () => {
      reject(new NetworkError('ERR_DEADLINE', { request: request(), deadline_ms }))
      abort.abort()
    })
    signal?.addEventListener('abort', giveUp, { once: true })
    if (signal?.aborted) giveUp()
    function giveUp(): void {
      reject(new NetworkError('ERR_ABORTED', { request: request() }))
      abort.abort()
    }
    forget = () => signal?.removeEventListener('abort', giveUp)
  })
  try {
    // Aborted before the start: nothing is sent.
    if (abort.signal.aborted) return await deadline
    // The race enforces the deadline even if the network ignores its signal.
    return await Promise.race([wire({ ...sent, bytesMax, signal: abort.signal }), deadline])
  } catch (cause) {
    if (cause instanceof NetworkError) throw cause
    if (cause instanceof TooLarge) throw new NetworkError('ERR_ANSWER_TOO_LARGE', { request: request(), bytes_max: bytesMax })
    throw new NetworkError('ERR_NETWORK', { request: request(), reason: reasonOf(cause) }, { cause })
  } finally {
    cancel()
    forget()
  }
}

/** The path without its query, because a query may contain a secret (the mini-program APIs put the app secret there). */
function pathOf(url: string): string {
  return new URL(url).pathname
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  const code = (inner as { code?: unknown } | undefined)?.code
  if (typeof code === 'string') return code
  return inner instanceof Error ? inner.name : 'unknown'
}
