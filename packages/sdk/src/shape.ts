// Checks the few fields of an answer that the caller's next step needs, without loading the schemas.

import { MessageError } from '@cashdesk/protocol'
import { UnreadableAnswerError } from './errors.ts'

/** The verified answer as T, if each named field is a text. The verb knows the type of its answer. */
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

/** Runs a verb. If the answer lacks a needed field, the request was sent all the same, so the error says that the outcome is unknown. */
export async function withOutcome<T>(verb: () => Promise<T>): Promise<T> {
  try {
    return await verb()
  } catch (error) {
    throw error instanceof MessageError ? new UnreadableAnswerError(error) : error
  }
}
