// A loop of rounds: the next round starts soon while there is work, otherwise after
// a pause, until it is stopped. A failing round is logged, and the loop goes on.

import { causeOf } from '../log.ts'
import type { World } from '../world.ts'

/** Pauses before a round, in milliseconds. */
export interface Pauses {
  /** After a round that found no work. */
  idle: number
  /** After a round that found work. None when absent. */
  busy?: number | undefined
  /** Before the first round. None when absent. */
  first?: number | undefined
}

export interface Loop {
  /** Starts a round at once, because there may be work. */
  wake(): void
  /** Stops the loop after the current round. */
  stop(): Promise<void>
}

/** `round` returns how much work it found. The loop of a round that returns nothing always makes the idle pause. */
export function startLoop(
  world: World,
  name: string,
  { idle, busy = 0, first = 0 }: Pauses,
  // biome-ignore lint/suspicious/noConfusingVoidType: a round without an answer is a round.
  round: (world: World) => Promise<number | void>,
): Loop {
  let stopped = false
  let woken = false
  let cancel: (() => void) | undefined
  let running: Promise<void> = Promise.resolve()

  const once = async (): Promise<void> => {
    woken = false
    const found = await round(world).catch((error: unknown) => {
      world.log(`${name}.failed`, causeOf(error))
      return 0
    })
    if (!stopped) cancel = world.clock.timer(woken ? 0 : found ? busy : idle, start)
  }
  const start = (): void => {
    cancel = undefined
    running = once()
  }
  if (first > 0) cancel = world.clock.timer(first, start)
  else start()
  return {
    wake() {
      woken = true
      if (!cancel) return
      cancel()
      start()
    },
    async stop() {
      stopped = true
      cancel?.()
      cancel = undefined
      await running
    },
  }
}
