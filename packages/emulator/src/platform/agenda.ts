// What this WeChat will do later by itself: refunds that arrive, shares that finish, money that is unfrozen. Tasks are data, so that they can be saved.

import type { Clock } from '../ports/clock.ts'
import type { Journal } from './kept/journal.ts'
import type { Part } from './kept/part.ts'

/** `kind` names the handler, `id` the record that it works on. */
export interface Task {
  /** Epoch ms. */
  at: number
  kind: string
  id: string
}

export interface Agenda extends Part<readonly Task[]> {
  /** Sets the handler for tasks of this kind. `at` is the time for which the task was planned. */
  on(kind: string, act: (id: string, at: number) => void): void
  plan(at: number, kind: string, id: string): void
  /** Does all tasks that are due, in order of time. */
  runDue(): void
  nextAt(): number | undefined
  /** Sets the timer for the next task. Must be called when the clock was moved. */
  rearm(): void
}

export function createAgenda(clock: Clock, journal: Journal): Agenda {
  const actors = new Map<string, (id: string, at: number) => void>()
  /** In order of time; of two tasks for the same moment, the older first. */
  let planned: Task[] = []
  let cancelTimer: (() => void) | undefined

  /** Returns whether the task is new. A task that is already planned for the same moment is not added twice. */
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
      // The timer waits for the first task, so it changes only when a new task comes first.
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
