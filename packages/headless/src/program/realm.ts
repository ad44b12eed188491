// The world a mini program's code lives in: ECMAScript alone, with its own timers and console; nothing of Node, no eval, as in WeChat.

import { type Context, compileFunction, createContext, runInContext } from 'node:vm'

export interface LogLine {
  level: string
  text: string
}

export interface Realm {
  /** What code sees as globals. */
  globals: Context
  /** Compiles code as the body of a function with these parameters. */
  compile(code: string, file: string, parameters: string[]): (...values: unknown[]) => unknown
  /** The same value made of the program's own objects; only what JSON can say, which is what WeChat passes between its two threads. */
  copy<T>(value: T): T
  /** An object of the program, with its own Object.prototype. */
  object(): Record<string, unknown>
  /** Soon, as a timer of the program: what it throws is reported, and after close() it is not called. */
  later(callback: () => unknown): void
  /** An error that the program's own `instanceof Error` knows. */
  error(message: string): Error
  /** Everything stops: timers that run and timers to come. */
  close(): void
}

export interface RealmOptions {
  log(line: LogLine): void
  /** What a timer threw. */
  onError(error: unknown): void
}

const LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const

export function createRealm({ log, onError }: RealmOptions): Realm {
  const globals = createContext({}, { codeGeneration: { strings: false, wasm: false } })
  // These come out of the context that was just made: they are what ECMAScript says they are.
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
      // compileFunction's own type is Function; it is called with the parameters named here.
      compileFunction(code, parameters, { filename: file, parsingContext: globals }) as (...values: unknown[]) => unknown,
    // JSON keeps the shape of what it can say, which is the promise of this function.
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
