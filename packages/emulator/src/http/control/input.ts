// Reads the input that people and tests send to the control API, and names what is wrong with it.

import { invalidInput } from './control-error.ts'

export type Input = Readonly<Record<string, unknown>>

const BODY_CHARACTERS_MAX = 64 * 1024

/** The JSON object in the body. An empty body is read as an empty object. @throws ControlError */
export async function readInput(request: Request): Promise<Input> {
  const text = await request.text()
  if (text.length > BODY_CHARACTERS_MAX) throw invalidInput('body', 'larger than 64 KiB', '超过 64 KiB')
  if (text === '') return {}
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidInput('body', 'must be a JSON object', '必须是 JSON 对象')
  // A value of type object that is neither null nor an array has named properties of unknown types.
  return value as Input
}

export function requiredText(input: Input, field: string): string {
  const value = optionalText(input, field)
  if (!value) throw invalidInput(field, 'is required, as text', '必填，且为字符串')
  return value
}

export function optionalText(input: Input, field: string): string | undefined {
  const value = input[field]
  if (value !== undefined && typeof value !== 'string') throw invalidInput(field, 'must be text', '必须是字符串')
  return value
}

export function optionalInteger(input: Input, field: string, minimum: number): number | undefined {
  const value = input[field]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum) {
    throw invalidInput(field, `must be an integer, at least ${minimum}`, `必须是不小于 ${minimum} 的整数`)
  }
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidInput('body', 'must be JSON', '必须是 JSON')
  }
}
