// One open page: its `this`, its data, and its lifetimes from created to detached.

import type { Realm } from '../program/realm.ts'
import { type Definition, isMethod, type Lifetime, type Method } from './definition.ts'
import { setPath } from './set-path.ts'

export interface Instance {
  route: string
  /** The object that the program's own code sees as `this`. */
  self: Record<string, unknown>
  /** Calls a method, if the page has it. */
  call(method: string, ...values: unknown[]): unknown
  /** As `call`, for methods such as onLoad whose promise has no other reader: a rejection is reported. */
  tell(method: string, ...values: unknown[]): void
  has(method: string): boolean
  live(lifetime: Lifetime): void
  show(): void
  hide(): void
}

export interface InstanceOptions {
  realm: Realm
  route: string
  query: Record<string, string>
  warn(text: string): void
  onError(error: unknown): void
}

let lastId = 0

export function createInstance(definition: Definition, { realm, route, query, warn, onError }: InstanceOptions): Instance {
  const self = realm.object()
  const data = realm.copy(definition.data)
  const id = ++lastId

  const setData = (patch: Record<string, unknown>, done?: Method): void => {
    const changed = new Set<string>()
    for (const [path, value] of Object.entries(patch)) {
      if (value === undefined) warn(`setData: "${path}" must not be undefined (${route})`)
      else changed.add(setPath(data, path, realm.copy(value)))
    }
    for (const { names, observe } of definition.observers) {
      if (!names.some((name) => name === '**' || changed.has(name))) continue
      observe.call(self, ...names.map((name) => (name === '**' ? data : data[name])))
    }
    if (isMethod(done)) queueMicrotask(() => done.call(self))
  }

  Object.assign(self, definition.fields, definition.methods, {
    data,
    properties: data,
    route,
    is: route,
    options: realm.copy(query),
    __route__: route,
    __wxExparserNodeId__: `node${id}`,
    __wxWebviewId__: id,
    setData,
    triggerEvent: () => undefined,
    selectComponent: () => null,
    selectAllComponents: () => realm.copy([]),
    groupSetData: (change: Method) => change.call(self),
  })

  const call = (method: string, ...values: unknown[]): unknown => {
    const found = self[method]
    return isMethod(found) ? found.call(self, ...values) : undefined
  }
  const pageLife = (name: string): void => {
    for (const method of definition.pageLifetimes[name] ?? []) method.call(self)
  }

  return {
    route,
    self,
    call,
    tell: (method, ...values) => void Promise.resolve(call(method, ...values)).catch(onError),
    has: (method) => isMethod(self[method]),
    live(lifetime) {
      for (const method of definition.lifetimes[lifetime]) method.call(self)
    },
    show: () => pageLife('show'),
    hide: () => pageLife('hide'),
  }
}
