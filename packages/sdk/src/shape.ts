// The few fields of an answer that a caller's next step rests on, checked without loading the schemas.

import { MessageError } from '@cashdesk/protocol'

/** The verified answer as T, once each named field is there as text. The verb that asked knows which shape WeChat answers. */
export function checked<T>(value: unknown, ...names: readonly (keyof T & string)[]): T {
  const fields = record(value)
  for (const name of names) {
    if (typeof fields[name] !== 'string' || fields[name] === '') throw new MessageError('ERR_MESSAGE_SHAPE', { where: name })
  }
  return value as T
}

export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'answer' })
  return value as Record<string, unknown>
}
