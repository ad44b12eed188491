// Repeating a call where that is safe: WeChat's calls are idempotent by their numbers, so the same body may go out again, freshly signed.

import { ApiError, NetworkError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { Attempt, CallOptions, TransportOptions } from './options.ts'

/** First pause; doubled each time, half of it random. */
const PAUSE_MS = 200

/**
 * Repeats after a network failure (on the next host), after 5xx and after 429. Never after an answer that could not be trusted:
 * an order would be posted again and again to whoever stands between. `once` forbids repeating altogether.
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
  /** The first error after which the request may have happened. */
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

/** An attempt may have happened, so a later one that was stopped at the door, or never sent, does not say that it did not. */
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

/** How long to wait before the same again; undefined when the same again would not help or would harm. */
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
