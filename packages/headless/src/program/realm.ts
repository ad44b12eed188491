// The JavaScript environment of a mini program: only ECMAScript, timers and a console. Node's modules and eval are missing, as in WeChat.

import { type Context, compileFunction, createContext, runInContext } from 'node:vm'

export interface LogLine {
  level: string
  text: string
}

export interface Realm {
  /** The global object that the program sees. */
  globals: Context
  /** Compiles code as the body of a function with these parameters. */
  compile(code: string, file: string, parameters: string[]): (...values: unknown[]) => unknown
  /** A copy made of the program's own object types. Like WeChat between its two threads, it copies only what JSON can express. */
  copy<T>(value: T): T
  /** An empty object of the program, with its own Object.prototype. */
  object(): Record<string, unknown>
  /** Runs the callback soon, as a timer of the program: errors are reported, and it does not run after close(). */
  later(callback: () => unknown): void
  /** An error for which the program's own `instanceof Error` holds. */
  error(message: string): Error
  /** Stops all timers, and those that are set later. */
  close(): void
}

export interface RealmOptions {
  log(line: LogLine): void
  /** Called with what a timer threw. */
  onError(error: unknown): void
}

const LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const

export function createRealm({ log, onError }: RealmOptions): Realm {
  const globals = createContext({}, { codeGeneration: { strings: false, wasm: false } })
  // These functions come from the new context, so they are the ones that ECMAScript defines.
  const parse = runInContext('JSON.parse', globals) as (text: string) => unknown
  const makeError = runInContext('(message) => new Error(message)', globals) as (message: string) => Error
  const makeObject = runInContext('() => ({})', globals) as () => Record<string, unknown>

  const running = new Map<number, NodeJS.Timeout>()
  let closed = false
  let last = 0
  const start = (schedule: (wake: () => void, ms: number) => NodeJS.Timeout, once: boolean) => {
    return (callback: (...values: unknown[]) => unknown, ms = 0, ...values: unknown[]): number => {
      const id = ++last
      if (closed) return id
      const wake = (): void => {
        if (once) running.delete(id)
        try {
          callback(...values)
        } catch (error) {
          onError(error)
        }
      }
      running.set(id, schedule(wake, ms))
      return id
    }
  }
  const stop = (id: number): void => {
    clearTimeout(running.get(id))
    running.delete(id)
  }

  const startTimeout = start(setTimeout, true)

  Object.assign(globals, {
    global: globals,
    setTimeout: startTimeout,
    setInterval: start(setInterval, false),
    clearTimeout: stop,
    clearInterval: stop,
    console: Object.fromEntries(
      LEVELS.map((level) => [level, (...words: unknown[]) => log({ level, text: words.map(inWords).join(' ') })]),
    ),
  })

  return {
    globals,
    compile: (code, file, parameters) =>
      // The type of compileFunction is only Function. The result is called with the parameters given here.
      compileFunction(code, parameters, { filename: file, parsingContext: globals }) as (...values: unknown[]) => unknown,
    // JSON keeps the shape of values that it can express, so the copy has the same type.
    copy: <T>(value: T) => (value === undefined ? value : (parse(JSON.stringify(value) ?? 'null') as T)),
    object: makeObject,
    later: (callback) => void startTimeout(callback),
    error: makeError,
    close() {
      closed = true
      for (const id of [...running.keys()]) stop(id)
    },
  }
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return value
  if (value !== null && typeof value === 'object' && 'stack' in value) return String(value.stack)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
