// Verifies messages of unauthenticated senders a few at a time. The event loop turns between them, so that a message
// that is verified already (it needs several turns, for the database) does not wait for a whole burst at each turn.

/** Verifications per turn: about a third of a millisecond of work. */
const PER_TURN = 3

export interface Turnstile {
  /** Resolves when the caller may go on, in order of arrival. */
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
  /** After the first use the allowance is renewed at the end of the event loop's turn. */
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
