// Brings the declarations of Page({…}), Component({…}) and Behavior({…}) into one form.

export type Method = (this: unknown, ...values: unknown[]) => unknown
export type Declared = Readonly<Record<string, unknown>>

const LIFETIMES = ['created', 'attached', 'ready', 'detached'] as const
export type Lifetime = (typeof LIFETIMES)[number]

export interface Observer {
  /** The fields of data that are observed, by their first name, or `**`. */
  names: readonly string[]
  observe: Method
}

export interface Definition {
  data: Record<string, unknown>
  /** onLoad, onShow … and the event handlers. */
  methods: Record<string, Method>
  /** All other fields given to Page({…}). */
  fields: Record<string, unknown>
  lifetimes: Record<Lifetime, Method[]>
  /** `show` and `hide`; only Component({…}) has them. */
  pageLifetimes: Record<string, Method[]>
  observers: Observer[]
}

export function pageDefinition(declared: Declared): Definition {
  const definition = emptyDefinition()
  inherit(definition, declared)
  for (const [name, value] of Object.entries(declared)) {
    if (name === 'data') Object.assign(definition.data, value)
    else if (name === 'behaviors') continue
    else if (isMethod(value)) definition.methods[name] = value
    else definition.fields[name] = value
  }
  return definition
}

export function componentDefinition(declared: Declared): Definition {
  const definition = emptyDefinition()
  inherit(definition, declared)
  for (const [name, property] of Object.entries(record(declared['properties']))) definition.data[name] = initialValue(property)
  Object.assign(definition.data, declared['data'])
  for (const [name, value] of Object.entries(record(declared['methods']))) if (isMethod(value)) definition.methods[name] = value
  const lifetimes = { ...declared, ...record(declared['lifetimes']) }
  for (const name of LIFETIMES) if (isMethod(lifetimes[name])) definition.lifetimes[name].push(lifetimes[name])
  for (const [name, value] of Object.entries(record(declared['pageLifetimes']))) {
    if (isMethod(value)) definition.pageLifetimes[name] = [...(definition.pageLifetimes[name] ?? []), value]
  }
  for (const [names, observe] of Object.entries(record(declared['observers']))) {
    if (isMethod(observe)) definition.observers.push({ names: names.split(',').map((name) => name.trim().replace(/[.[].*$/, '')), observe })
  }
  return definition
}

/** A behavior has the same form as a component. WeChat's built-in behaviors (`wx://…`) add nothing here. */
function inherit(definition: Definition, { behaviors }: Declared): void {
  if (!Array.isArray(behaviors)) return
  for (const behavior of behaviors) {
    if (typeof behavior !== 'object' || behavior === null) continue
    const base = componentDefinition(record(behavior))
    Object.assign(definition.data, base.data)
    Object.assign(definition.methods, base.methods)
    definition.observers.push(...base.observers)
    for (const name of LIFETIMES) definition.lifetimes[name].push(...base.lifetimes[name])
    for (const [name, methods] of Object.entries(base.pageLifetimes)) {
      definition.pageLifetimes[name] = [...(definition.pageLifetimes[name] ?? []), ...methods]
    }
  }
}

function emptyDefinition(): Definition {
  const lifetimes = { created: [], attached: [], ready: [], detached: [] }
  return { data: {}, methods: {}, fields: {}, lifetimes, pageLifetimes: {}, observers: [] }
}

/** The initial value of `{ type: String, value: '' }`, or of a bare type. Types are compared by name, because they come from another realm. */
function initialValue(property: unknown): unknown {
  const { type, value } = isMethod(property) ? { type: property, value: undefined } : record(property)
  if (value !== undefined) return value
  const name = isMethod(type) ? type.name : ''
  return { String: '', Number: 0, Boolean: false, Array: [] as unknown[] }[name] ?? null
}

export function isMethod(value: unknown): value is Method {
  return typeof value === 'function'
}

export function record(value: unknown): Record<string, unknown> {
  // A declaration is a plain object. Any other value is read as an empty one.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
