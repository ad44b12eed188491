// Something that is done again and again: at once while there is something to do, else after a pause, until it is told to stop. A failing round is logged, and the next one comes.

import type { World } from '../world.ts'

export interface Loop {
  /** There may be something to do: no more pause. */
  wake(): void
  /** Ends after what is under way. */
  stop(): Promise<void>
}

/** `round` says how much it found to do; one that says nothing is done by the clock alone. The first is at once, or after a pause of its own. */
export function startLoop(
  world: World,
  name: string,
  pause_ms: number,
  // biome-ignore lint/suspicious/noConfusingVoidType: a round without an answer is a round.
  round: (world: World) => Promise<number | void>,
  first_pause_ms = 0,
): Loop {
  let stopped = false
  let woken = false
  let cancel: (() => void) | undefined
  let running: Promise<void> = Promise.resolve()

  const once = async (): Promise<void> => {
    woken = false
    const found = await round(world).catch((error: unknown) => {
      world.log(`${name}.failed`, { detail: error instanceof Error ? error.name : 'unknown' })
      return 0
    })
    if (!stopped) cancel = world.clock.timer(found || woken ? 0 : pause_ms, start)
  }
  const start = (): void => {
    cancel = undefined
    running = once()
  }
  if (first_pause_ms > 0) cancel = world.clock.timer(first_pause_ms, start)
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
