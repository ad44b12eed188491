// The emulator's own time: the machine's clock, or a shared virtual one, plus the offset by which a person moved it.

import type { Clock } from '../ports/clock.ts'

export interface EmulatorClock extends Clock {
  /** Moves the time forward by `ms`, and delivers each notification that falls due on the way at its own time. */
  advance(ms: number): Promise<void>
  /** Sets the time to `now` (epoch ms). Moving forward delivers as `advance` does; moving backward only changes the time. */
  set(now: number): Promise<void>
  /** Restores the offset of an earlier run. Nothing is delivered on the way. */
  shift(offset_ms: number): void
  /** Milliseconds between this time and the underlying clock. */
  offset_ms(): number
}

/** What must be delivered while the clock moves. */
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
    // A delivery that is under way decides when the next one is due, so it is waited for first.
    await deliverDue()
    for (let next = nextAt(); next !== undefined && next <= target; next = nextAt()) {
      if (next > now()) offset += next - now()
      await deliverDue()
    }
  }

  return {
    now,
    timer: (delay_ms, wake) => base.timer(delay_ms, wake),
    async advance(ms) {
      // The offset grows by exactly `ms`, even if the machine's clock goes on during the deliveries.
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
