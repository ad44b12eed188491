// One HTTP exchange with a deadline and a size limit: it ends in an answer's bytes or in "unknown", never in silence.

import { NetworkError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { type RawAnswer, TooLarge, type Wire, type WireRequest } from './wire.ts'

export interface ExchangeLimits {
  deadline_ms: number
  /** Largest answer taken. */
  bytesMax: number
  /** The caller's wish to give up. */
  signal?: AbortSignal | undefined
}

/** @throws NetworkError ERR_NETWORK, ERR_DEADLINE, ERR_ABORTED, ERR_ANSWER_TOO_LARGE: in each case whether it happened is unknown. */
export async function exchange(
  wire: Wire,
  clock: Clock,
  { deadline_ms, bytesMax, signal }: ExchangeLimits,
  sent: Omit<WireRequest, 'signal' | 'bytesMax'>,
): Promise<RawAnswer> {
  const abort = new AbortController()
  /** Only an error asks for it. */
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
    // Given up before it began: nothing is sent.
    if (abort.signal.aborted) return await deadline
    // The race makes the deadline hold even for a network that does not listen to its signal.
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
