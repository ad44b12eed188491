// wx.onAppShow and similar functions: they add listeners beside those of App({…}), and each has an `off` function.

import { isMethod, type Method } from '../pages/definition.ts'

export interface AppEvents {
  apis: Record<string, (...values: unknown[]) => unknown>
  emit(event: string, value?: unknown): void
}

/** All events that a program may listen for. Some of them never happen here. */
const EVENTS = [
  'AppShow',
  'AppHide',
  'Error',
  'UnhandledRejection',
  'PageNotFound',
  'ThemeChange',
  'MemoryWarning',
  'NetworkStatusChange',
  'WindowResize',
]

export function appEvents(): AppEvents {
  const listeners = new Map<string, Set<Method>>(EVENTS.map((event) => [event, new Set()]))
  const apis: AppEvents['apis'] = {}
  for (const [event, set] of listeners) {
    apis[`on${event}`] = (listener) => {
      if (isMethod(listener)) set.add(listener)
    }
    apis[`off${event}`] = (listener) => {
      if (isMethod(listener)) set.delete(listener)
      else set.clear()
    }
  }
  return {
    apis,
    emit(event, value) {
      for (const listener of listeners.get(event) ?? []) listener.call(undefined, value)
    },
  }
}
