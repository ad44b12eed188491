// Something that is done again and again with a pause between, until it is told to stop. A failing round is logged, and the next one comes.

import type { World } from '../world.ts'

export interface Loop {
  /** Ends after what is under way. */
  stop(): Promise<void>
}

export function startLoop(world: World, name: string, pause_ms: number, round: (world: World) => Promise<unknown>): Loop {
  let stopped = false
  let cancel = (): void => {}
  let running: Promise<void> = Promise.resolve()

  const once = async (): Promise<void> => {
    try {
      await round(world)
    } catch (error) {
      world.log(`${name}.failed`, { detail: error instanceof Error ? error.name : 'unknown' })
    }
    if (!stopped) cancel = world.clock.timer(pause_ms, start)
  }
  const start = (): void => {
    running = once()
  }
  start()
  return {
    async stop() {
      stopped = true
      cancel()
      await running
    },
  }
}
