// Evaluates `{{ }}`: JavaScript expressions over the page's data. A missing value gives undefined and never an error.

import { compileFunction } from 'node:vm'
import { mustache } from './mustache.ts'

export type Scope = Readonly<Record<string, unknown>>

/** Evaluates an attribute or a text. A single expression keeps its type; mixed with other text the result is text. */
export function evaluate(source: string, scope: Scope): unknown {
  const parts = mustache(source)
  const filled = parts.filter((part) => typeof part !== 'string' || part.trim() !== '')
  const [only] = filled
  if (filled.length === 1 && typeof only === 'object') return expression(only.expression, scope)
  return parts.map((part) => (typeof part === 'string' ? part : asText(expression(part.expression, scope)))).join('')
}

/** Evaluates `data="{{ root, item: one, ...rest }}"`, which is the inside of an object literal. */
export function evaluateObject(source: string, scope: Scope): Scope {
  const parts = mustache(source).filter((part) => typeof part !== 'string' || part.trim() !== '')
  const [only] = parts
  if (parts.length !== 1 || typeof only !== 'object') throw new SyntaxError(`Not the data of a template: ${source}`)
  // The compiled code is an object literal. It gives undefined only when a name in it was missing.
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
    // The type of compileFunction does not describe the function that it makes: it takes the scope and returns the value.
    run = compileFunction(`with (scope) { return (${source}) }`, ['scope']) as Compiled
    compiled.set(source, run)
  }
  try {
    return run(onlyData(scope))
  } catch (error) {
    // `{{order.amount.total}}` before the order was loaded: WeChat shows nothing.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Claims to have every name, so that a template cannot reach a global. */
function onlyData(scope: Scope): Scope {
  return new Proxy(scope, {
    has: () => true,
    get: (target, name) => (typeof name === 'string' && Object.hasOwn(target, name) ? target[name] : undefined),
  })
}
