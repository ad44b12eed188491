// Something that is done again and again: soon while there is something to do, else after a pause, until it is told to stop. A failing round is logged, and the next one comes.

import { causeOf } from '../log.ts'
import type { World } from '../world.ts'

/** Milliseconds before a round. */
export interface Pauses {
  /** After one that found nothing to do. */
  idle: number
  /** After one that did. None when absent. */
  busy?: number | undefined
  /** Before the very first. None when absent. */
  first?: number | undefined
}

export interface Loop {
  /** There may be something to do: no more pause. */
  wake(): void
  /** Ends after what is under way. */
  stop(): Promise<void>
}

/** `round` says how much it found to do; one that says nothing is done by the clock alone. */
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
