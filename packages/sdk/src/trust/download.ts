// Reads one answer of GET /v3/certificates: a list of certificates, verified twice; a statement that there are none; or an answer that proves nothing.

import type { KeyObject } from 'node:crypto'
import {
  type AnswerSignature,
  assertPlausible,
  assertSigned,
  type Certificate,
  certificate,
  MessageError,
  openResource,
  readAnswerSignature,
  SignatureError,
} from '@cashdesk/protocol'
import { UntrustedAnswerError } from '../errors.ts'
import { parse } from '../transport/refusal.ts'
import type { RawAnswer } from '../transport/wire.ts'

/**
 * `none`: WeChat says that this merchant has only the public key (404 RESOURCE_NOT_EXISTS, v3-protocol §6). Only a signed statement is evidence;
 * a proxy or firewall between us and WeChat could send an unsigned one.
 */
export type Downloaded =
  | { kind: 'certificates'; certificates: readonly Certificate[] }
  | { kind: 'none'; signed: boolean; cause: UntrustedAnswerError }

/** Finds a key that is already trusted, by serial: a public key, or a certificate of an earlier download. */
export type TrustedBefore = (serial: string) => KeyObject | undefined

/** WeChat lists one certificate, or two during a change. Entries are decrypted before the signature can be checked, so a longer list is cut. */
const LISTED_MAX = 20

/** @throws UntrustedAnswerError for an answer that is neither a verified list nor WeChat's statement that there are none */
export function readCertificates(answer: RawAnswer, apiV3Keys: readonly KeyObject[], trusted: TrustedBefore, now: number): Downloaded {
  try {
    if (answer.status !== 200) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'certificates', status: answer.status })
    const signature = readAnswerSignature(answer.headers)
    assertPlausible(signature, now)
    const certificates = openAll(apiV3Keys, answer.body)
    // The first download can only be verified by a certificate that it contains. Only a holder of the APIv3 key can have encrypted that certificate.
    const listed = certificates.find((one) => one.serial_no === signature.serial)?.publicKey
    assertSignedBy(trusted(signature.serial) ?? listed, signature, answer.body)
    return { kind: 'certificates', certificates }
  } catch (cause) {
    const error = untrusted(answer, cause)
    if (!statesNone(answer)) throw error
    return { kind: 'none', signed: isSigned(answer, trusted, now), cause: error }
  }
}

function untrusted({ status }: RawAnswer, cause: unknown): UntrustedAnswerError {
  const reason = cause instanceof SignatureError ? cause.code : 'certificates not readable'
  return new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: 'GET /v3/certificates', status, reason }, { cause })
}

/** Checks body and status: an HTML page of a firewall is no statement about certificates, whatever its status. */
function statesNone({ status, body }: RawAnswer): boolean {
  if (status !== 404 && status !== 403) return false
  const { code } = (parse(body) ?? {}) as { code?: unknown }
  return typeof code === 'string' && code !== ''
}

function isSigned(answer: RawAnswer, trusted: TrustedBefore, now: number): boolean {
  try {
    const signature = readAnswerSignature(answer.headers)
    assertPlausible(signature, now)
    assertSignedBy(trusted(signature.serial), signature, answer.body)
    return true
  } catch {
    return false
  }
}

function assertSignedBy(key: KeyObject | undefined, signature: AnswerSignature, body: Uint8Array): void {
  if (!key) throw new SignatureError('ERR_SERIAL_UNKNOWN', { serial: signature.serial.slice(0, 64) })
  assertSigned(signature, body, key)
}

/** All entries that can be decrypted and are certificates. An entry under another APIv3 key or algorithm is skipped, so that it does not hide the others. */
function openAll(keys: readonly KeyObject[], body: Uint8Array): Certificate[] {
  const { data } = JSON.parse(Buffer.from(body).toString('utf8')) as { data?: unknown }
  if (!Array.isArray(data)) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'data' })
  let failure: unknown
  const opened = data.slice(0, LISTED_MAX).flatMap((entry) => {
    for (const key of keys) {
      try {
        return [certificate(openResource(key, entry.encrypt_certificate))]
      } catch (error) {
        failure = error
      }
    }
    return []
  })
  if (opened.length === 0) throw failure ?? new MessageError('ERR_MESSAGE_SHAPE', { where: 'data', entries: data.length })
  return opened
}
