// What this WeChat will do by itself later: refunds that arrive, shares that finish, money that thaws. Kept as data, so that it can be saved.

import type { Clock } from '../ports/clock.ts'
import type { Journal } from './kept/journal.ts'
import type { Part } from './kept/part.ts'

/** `kind` says who does it, `id` to what. */
export interface Task {
  /** Epoch ms. */
  at: number
  kind: string
  id: string
}

export interface Agenda extends Part<readonly Task[]> {
  /** Names who does tasks of this kind. `at` is the moment for which it was planned. */
  on(kind: string, act: (id: string, at: number) => void): void
  plan(at: number, kind: string, id: string): void
  /** Does all that is due, in order of time. */
  runDue(): void
  nextAt(): number | undefined
  /** Sets the timer for what is due next. Call it when the clock was moved. */
  rearm(): void
}

export function createAgenda(clock: Clock, journal: Journal): Agenda {
  const actors = new Map<string, (id: string, at: number) => void>()
  /** In order of time; of two for the same moment, the older first. */
  let planned: Task[] = []
  let cancelTimer: (() => void) | undefined

  /** Says whether it is new: what is planned already, for the same moment, is done once. */
  const insert = (task: Task): boolean => {
    let low = 0
    let high = planned.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((planned[middle]?.at ?? 0) <= task.at) low = middle + 1
      else high = middle
    }
    for (let i = low - 1; planned[i]?.at === task.at; i -= 1) {
      if (planned[i]?.kind === task.kind && planned[i]?.id === task.id) return false
    }
    planned.splice(low, 0, task)
    return true
  }

  const rearm = (): void => {
    cancelTimer?.()
    cancelTimer = undefined
    const next = planned[0]
    if (next) cancelTimer = clock.timer(Math.max(0, next.at - clock.now()), runDue)
  }

  function runDue(): void {
    for (let task = planned[0]; task && task.at <= clock.now(); task = planned[0]) {
      planned.shift()
      journal.remove('tasks', task)
      actors.get(task.kind)?.(task.id, task.at)
    }
    rearm()
  }

  return {
    on: (kind, act) => void actors.set(kind, act),
    plan(at, kind, id) {
      const task = { at, kind, id }
      if (!insert(task)) return
      journal.put('tasks', task)
      // Only a new first task changes what the timer waits for.
      if (planned[0]?.id === id) rearm()
    },
    runDue,
    nextAt: () => planned[0]?.at,
    rearm,
    save: () => planned,
    restore(tasks) {
      planned = [...tasks]
      rearm()
    },
    reset() {
      planned = []
      rearm()
    },
  }
}
