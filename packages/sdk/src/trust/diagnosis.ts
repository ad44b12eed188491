// Finds out why a signature does not match, for a developer whose framework changed the body. The effort is limited, because anyone can send such messages.

import type { KeyObject } from 'node:crypto'
import { type AnswerSignature, type BodyAlteration, diagnoseBody, SignatureError } from '@cashdesk/protocol'
import type { Clock } from '../ports.ts'

/** WeChat's own notifications are smaller. */
const BYTES_MAX = 4 * 1024
/** A diagnosis costs a dozen verifications. One a second is enough for a developer and cheap during a flood of forged messages. */
const PAUSE_MS = 1000

export type Diagnose = (signature: AnswerSignature, body: Uint8Array, key: KeyObject) => BodyAlteration | undefined

/** At most one diagnosis a second per client, and none for a large body. */
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

/** The error, with the reason added if one was found. */
export function explained(mismatch: SignatureError, alteration: BodyAlteration | undefined): SignatureError {
  if (alteration === undefined) return mismatch
  return new SignatureError(CODES[alteration] ?? 'ERR_BODY_ALTERED', { ...mismatch.facts, altered: alteration, fix: FIXES[alteration] })
}

/** No signature can confirm that a body was empty, so `empty` keeps the code of a mismatch. A kind without an entry gets ERR_BODY_ALTERED. */
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
