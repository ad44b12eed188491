// Messages of strangers are verified a few at a time: between them the event loop turns, so that whoever was verified already (and takes several turns, for the
// database) does not wait for a whole crowd at each of them.

/** A third of a millisecond of verifications. */
const PER_TURN = 3

export interface Turnstile {
  /** Resolves when it is the caller's turn, first come, first served. */
  pass(): Promise<void>
}

export function createTurnstile(): Turnstile {
  const waiting: (() => void)[] = []
  let left = PER_TURN
  let turning = false
  const turn = (): void => {
    left = PER_TURN
    turning = false
    while (left > 0 && waiting.length > 0) {
      left--
      waiting.shift()?.()
    }
    again()
  }
  /** Once used, a turn ends with the loop's. */
  const again = (): void => {
    if (turning || left === PER_TURN) return
    turning = true
    setImmediate(turn)
  }
  return {
    pass() {
      if (left > 0 && waiting.length === 0) {
        left--
        again()
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
  }
}
