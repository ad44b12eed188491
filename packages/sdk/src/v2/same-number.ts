// Checks that an answer belongs to its request. The signature does not cover the request, so the signed answer to another request would pass verification.

import type { TypedFields, V2EndpointName } from '@cashdesk/protocol/v2'
import { UntrustedAnswerError } from '../errors.ts'
import { nameOfV2 } from './caller.ts'

/** Compares the first number given in the request, because WeChat uses that one. @throws UntrustedAnswerError */
export function requireSame(endpoint: V2EndpointName, asked: object, answer: TypedFields, ...names: readonly string[]): void {
  const numbers: Record<string, unknown> = { ...asked }
  const name = names.find((one) => numbers[one] !== undefined)
  if (name === undefined || answer[name] === numbers[name]) return
  throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: nameOfV2(endpoint), reason: `another ${name} than asked for` })
}
