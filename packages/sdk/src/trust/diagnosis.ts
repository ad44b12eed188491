// Why a signature does not fit, for the developer whose framework re-wrote the body; within a budget, because strangers send such messages too.

import type { KeyObject } from 'node:crypto'
import { type AnswerSignature, type BodyAlteration, diagnoseBody, SignatureError } from '@cashdesk/protocol'
import type { Clock } from '../ports.ts'

/** WeChat's own notifications are below this. */
const BYTES_MAX = 4 * 1024
/** A diagnosis costs a dozen verifications. A developer sees it at once; a flood of forged messages gets one a second. */
const PAUSE_MS = 1000

export type Diagnose = (signature: AnswerSignature, body: Uint8Array, key: KeyObject) => BodyAlteration | undefined

/** At most one diagnosis a second for one client, and none of a large body. */
export function boundedDiagnosis(clock: Clock): Diagnose {
  let diagnosedAt = Number.NEGATIVE_INFINITY
  return (signature, body, key) => {
    if (body.byteLength === 0) return 'empty'
    const age = clock.now() - diagnosedAt
    if (body.byteLength > BYTES_MAX || (age >= 0 && age < PAUSE_MS)) return undefined
    diagnosedAt = clock.now()
    return diagnoseBody(signature, body, key)
  }
}

/** The mismatch with what is known of its reason. */
export function explained(mismatch: SignatureError, alteration: BodyAlteration | undefined): SignatureError {
  if (alteration === undefined) return mismatch
  return new SignatureError(CODES[alteration] ?? 'ERR_BODY_ALTERED', { ...mismatch.facts, altered: alteration, fix: FIXES[alteration] })
}

/** That a body is empty is a guess, as no signature can confirm it: the code stays what it is, and the facts name the guess. */
const CODES: Partial<Record<BodyAlteration, SignatureError['code']>> = {
  reserialized: 'ERR_BODY_RESERIALIZED',
  empty: 'ERR_SIGNATURE_MISMATCH',
}

const FIXES: Readonly<Record<BodyAlteration, string>> = {
  reserialized: 'hand over the raw bytes of the request, not the parsed body written again',
  empty: 'something read the body before: no body parser on this route',
  base64: 'decode the body first: Buffer.from(body, "base64") where the gateway says isBase64Encoded',
  json_string: 'hand over the raw bytes: the body was wrapped in a JSON string',
  latin1: 'hand over the raw bytes: the body was decoded or encoded as latin1 (binary)',
  byte_order_mark: 'hand over the raw bytes: a byte order mark was added or removed',
  line_ends: 'hand over the raw bytes: blanks or line ends were added, removed or changed',
}
