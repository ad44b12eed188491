// That an answer is about what was asked: its signature covers no part of our question, so an answer to another one would pass.

import type { TypedFields } from '@cashdesk/protocol/v2'
import { UntrustedAnswerError } from '../errors.ts'

/** The first number that was asked by, which is the one WeChat goes by. @throws UntrustedAnswerError */
export function requireSame(path: string, asked: object, answer: TypedFields, ...names: readonly string[]): void {
  const numbers: Record<string, unknown> = { ...asked }
  const name = names.find((one) => numbers[one] !== undefined)
  if (name === undefined || answer[name] === numbers[name]) return
  throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: `POST ${path}`, reason: `another ${name} than asked for` })
}
