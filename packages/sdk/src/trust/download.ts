// One download of platform certificates: opened with the APIv3 key, then proven by the very certificate that claims to have signed it.

import type { KeyObject } from 'node:crypto'
import {
  assertPlausible,
  assertSigned,
  type Certificate,
  certificate,
  MessageError,
  openResource,
  readAnswerSignature,
  SignatureError,
} from '@cashdesk/protocol'
import type { CertificatesAnswer } from '@cashdesk/protocol/spec'
import { UntrustedAnswerError } from '../errors.ts'
import type { RawAnswer } from '../transport/wire.ts'

/** A merchant that joined after 2024 has no certificates, only the public key; WeChat says so with 404 or 403. */
export type Downloaded = readonly Certificate[] | 'none: public key only'

/** @throws UntrustedAnswerError */
export function readCertificates(answer: RawAnswer, apiV3Keys: readonly KeyObject[], now: number): Downloaded {
  if (answer.status === 404 || answer.status === 403) return 'none: public key only'
  try {
    if (answer.status !== 200) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'certificates', status: answer.status })
    const signature = readAnswerSignature(answer.headers)
    assertPlausible(signature, now)
    const found = openAll(apiV3Keys, answer.body)
    const signer = found.find((one) => one.serial_no === signature.serial)
    if (!signer) throw new SignatureError('ERR_SERIAL_UNKNOWN', { serial: signature.serial.slice(0, 64) })
    assertSigned(signature, answer.body, signer.publicKey)
    return found
  } catch (cause) {
    const reason = cause instanceof SignatureError ? cause.code : 'certificates not readable'
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: 'GET /v3/certificates', status: answer.status, reason }, { cause })
  }
}

function openAll(keys: readonly KeyObject[], body: Uint8Array): Certificate[] {
  const { data } = JSON.parse(Buffer.from(body).toString('utf8')) as CertificatesAnswer
  return data.map(({ encrypt_certificate }) => {
    let failure: unknown
    for (const key of keys) {
      try {
        return certificate(openResource(key, encrypt_certificate))
      } catch (error) {
        failure = error
      }
    }
    throw failure
  })
}
