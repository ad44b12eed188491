// Time enters through this window: what time it is, and waking up later.

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls `wake` once after `delay_ms`; the returned function cancels it. A clock that knows how may wait for what `wake` gives back. */
  timer(delay_ms: number, wake: () => void | Promise<void>): () => void
}

/** The machine's clock. Its timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  timer(delay_ms, wake) {
    const handle = setTimeout(() => void wake(), delay_ms)
    handle.unref()
    return () => clearTimeout(handle)
  },
}
