// The emulator's own time: the machine's clock, or a shared virtual one, plus how far a person moved it.

import type { Clock } from '../ports/clock.ts'

export interface EmulatorClock extends Clock {
  /** Goes on by `ms`, delivering each notification that falls due on the way at its own moment. */
  advance(ms: number): Promise<void>
  /** Jumps to `now` (epoch ms). Forward it delivers as `advance` does; backward it only changes the time. */
  set(now: number): Promise<void>
  /** Takes over how far an earlier run was moved. Nothing is delivered on the way. */
  shift(offset_ms: number): void
  /** How far it was moved away from the clock beneath it. */
  offset_ms(): number
}

/** What moves with the clock. */
export interface Scheduled {
  nextAt(): number | undefined
  deliverDue(): Promise<void>
  rearm(): void
}

export function emulatorClock(base: Clock, scheduled: () => Scheduled): EmulatorClock {
  let offset = 0
  const now = (): number => base.now() + offset

  const deliverUntil = async (target: number): Promise<void> => {
    const { nextAt, deliverDue } = scheduled()
    for (let next = nextAt(); next !== undefined && next <= target; next = nextAt()) {
      if (next > now()) offset += next - now()
      await deliverDue()
    }
  }

  return {
    now,
    timer: (delay_ms, wake) => base.timer(delay_ms, wake),
    async advance(ms) {
      // Exactly so much, however long the machine's clock takes meanwhile.
      const moved = offset + ms
      await deliverUntil(now() + ms)
      offset = moved
      scheduled().rearm()
    },
    async set(target) {
      await deliverUntil(target)
      offset = target - base.now()
      scheduled().rearm()
    },
    shift(offset_ms) {
      offset = offset_ms
    },
    offset_ms: () => offset,
  }
}
