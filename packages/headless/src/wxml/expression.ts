// What `{{ }}` means: JavaScript expressions over the page's data, where what is missing is undefined and never an error.

import { compileFunction } from 'node:vm'
import { mustache } from './mustache.ts'

export type Scope = Readonly<Record<string, unknown>>
export type Evaluate = (source: string, scope: Scope) => unknown

/** An attribute or a text: one expression alone keeps its type, anything mixed is text. */
export function evaluate(source: string, scope: Scope): unknown {
  const parts = mustache(source)
  const filled = parts.filter((part) => typeof part !== 'string' || part.trim() !== '')
  const [only] = filled
  if (filled.length === 1 && typeof only === 'object') return expression(only.expression, scope)
  return parts.map((part) => (typeof part === 'string' ? part : asText(expression(part.expression, scope)))).join('')
}

/** `data="{{ root, item: one, ...rest }}"`: the inside of an object. */
export function evaluateObject(source: string, scope: Scope): Scope {
  const parts = mustache(source).filter((part) => typeof part !== 'string' || part.trim() !== '')
  const [only] = parts
  if (parts.length !== 1 || typeof only !== 'object') throw new SyntaxError(`Not the data of a template: ${source}`)
  // An object literal is what was compiled; undefined only where a name in it was missing.
  return (expression(`{${only.expression}}`, scope) ?? {}) as Scope
}

export function asText(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}

type Compiled = (scope: Scope) => unknown
const compiled = new Map<string, Compiled>()

function expression(source: string, scope: Scope): unknown {
  let run = compiled.get(source)
  if (!run) {
    // compileFunction cannot say what the function it makes takes and gives: one scope, one value.
    run = compileFunction(`with (scope) { return (${source}) }`, ['scope']) as Compiled
    compiled.set(source, run)
  }
  try {
    return run(onlyData(scope))
  } catch (error) {
    // `{{order.amount.total}}` before the order came: WeChat shows nothing.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Every name is the scope's, so that no global can be seen from a template. */
function onlyData(scope: Scope): Scope {
  return new Proxy(scope, {
    has: () => true,
    get: (target, name) => (typeof name === 'string' && Object.hasOwn(target, name) ? target[name] : undefined),
  })
}
