// Repeats a call if that is safe. WeChat's calls are idempotent by their numbers, so the same body may be sent again, with a new signature.

import { ApiError, NetworkError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Attempt, CallOptions, TransportOptions } from './options.ts'

/** The first pause; doubled each time. Half of each pause is random. */
const PAUSE_MS = 200

/**
 * Repeats after a network failure (on the next host), after 5xx and after 429. Never after an untrusted answer:
 * a proxy that answers in WeChat's place would get the order again and again. `once` forbids repeating.
 */
export async function withRetries<T>(
  options: TransportOptions,
  how: CallOptions & { once?: boolean },
  run: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const { clock, hosts } = options
  const retries = how.once ? 0 : options.retries
  const ends = clock.now() + (how.deadline_ms ?? options.deadline_ms)
  let host = 0
  /** The first error with an unknown outcome. */
  let unknown: Error | undefined
  for (let number = 1; ; number++) {
    const left = ends - clock.now()
    try {
      return await run({ number, host: hosts[host % hosts.length] ?? '', limit_ms: Math.min(options.attempt_ms, left), signal: how.signal })
    } catch (error) {
      const pause = pauseAfter(error, number, options)
      if (pause === undefined || number > retries || clock.now() + pause >= ends || how.signal?.aborted) {
        throw unknown ? afterUnknown(error, unknown) : error
      }
      if (isUnknown(error)) unknown ??= error
      if (error instanceof NetworkError) host++
      await wait(clock, pause)
    }
  }
}

/** If an earlier attempt may have been carried out, the outcome stays unknown, even if a later attempt was refused or not sent. */
function afterUnknown(error: unknown, before: Error): unknown {
  const { status } = error instanceof ApiError ? error.refusal : { status: 0 }
  if (error instanceof ApiError && error.outcome === 'refused' && (status === 401 || status === 429)) {
    return new ApiError('unknown', error.refusal, String(error.facts['request']))
  }
  return (error as { outcome?: unknown }).outcome === undefined ? before : error
}

function isUnknown(error: unknown): error is Error {
  return error instanceof Error && (error as { outcome?: unknown }).outcome === 'unknown'
}

/** Milliseconds to wait before repeating. Undefined if repeating would not help or would do harm. */
function pauseAfter(error: unknown, number: number, options: TransportOptions): number | undefined {
  const backoff = PAUSE_MS * 2 ** (number - 1)
  const jittered = backoff / 2 + (backoff / 2) * ((options.random(1)[0] ?? 0) / 255)
  if (error instanceof NetworkError) return error.code === 'ERR_NETWORK' || error.code === 'ERR_DEADLINE' ? jittered : undefined
  if (!(error instanceof ApiError)) return undefined
  const { status, retry_after_s } = error.refusal
  if (status === 429) return Math.max(jittered, (retry_after_s ?? 0) * 1000)
  return status >= 500 && error.outcome === 'unknown' ? jittered : undefined
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.timer(ms, resolve))
}
