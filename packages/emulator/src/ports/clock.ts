// The source of time: the current time, and timers.

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls `wake` once after `delay_ms`; the returned function cancels it. A clock can wait for the promise that `wake` returns, as the virtual clock does. */
  timer(delay_ms: number, wake: () => void | Promise<void>): () => void
}

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  timer(delay_ms, wake) {
    const handle = setTimeout(() => void wake(), delay_ms)
    handle.unref()
    return () => clearTimeout(handle)
  },
}
