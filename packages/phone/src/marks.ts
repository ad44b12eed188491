// Records what people did to the phone, the server and the clock. These events are shown in the story, between the exchanges.

import type { Clock } from '@cashdesk/emulator'

export interface Mark {
  id: string
  /** Epoch milliseconds. */
  at: number
  mark: 'restarted' | 'offline' | 'online' | 'killed' | 'clock'
  /** For `clock`: how many milliseconds it now differs from real time. */
  offset_ms?: number
}

export interface Marks {
  add(mark: Mark['mark'], offset_ms?: number): void
  list(): readonly Mark[]
  clear(): void
}

const KEPT_MAX = 100

export function createMarks(clock: Clock): Marks {
  let kept: Mark[] = []
  let lastId = 0
  return {
    add(mark, offset_ms) {
      lastId += 1
      kept = [...kept.slice(1 - KEPT_MAX), { id: `mark-${lastId}`, at: clock.now(), mark, ...(offset_ms !== undefined && { offset_ms }) }]
    },
    list: () => kept,
    clear() {
      kept = []
    },
  }
}
