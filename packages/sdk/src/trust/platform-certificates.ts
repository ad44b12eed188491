// Platform certificates (平台证书, v3-protocol §6): given as PEM, or downloaded from WeChat and proven twice before they count.

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
import type { Clock } from '../ports.ts'
import type { RawAnswer } from '../transport/exchange.ts'
import type { KeySource } from './trust.ts'

/** WeChat says: ask at least every 12 hours. */
const REFRESH_AFTER_MS = 12 * 60 * 60 * 1000
/** A serial we do not know makes us ask again, but not more often than this, however many forged ones arrive. */
const UNKNOWN_SERIAL_PAUSE_MS = 60 * 1000
/** With no certificate at all nothing works, so a failed download is repeated soon. */
const EMPTY_PAUSE_MS = 1000

export interface DownloadOptions {
  clock: Clock
  apiV3Keys: readonly KeyObject[]
  /** GET /v3/certificates, signed by the merchant. */
  download(): Promise<RawAnswer>
}

/** Certificates handed over as PEM: no download, no rotation. */
export function givenCertificates(pems: readonly string[]): KeySource {
  const known = bySerial(pems.map(certificate))
  return { find: async (serial) => known.get(serial)?.publicKey, preferred: async () => newest(known) }
}

/** Certificates from WeChat. Nothing is asked before the first use; concurrent users share one download. */
export function downloadedCertificates(options: DownloadOptions): KeySource {
  let known = new Map<string, Certificate>()
  let askedAt = Number.NEGATIVE_INFINITY
  let flight: Promise<void> | undefined
  let failure: unknown

  const refresh = (): Promise<void> => {
    flight ??= fetchCertificates(options)
      .then((fresh) => {
        known = fresh
        failure = undefined
      })
      .catch((error: unknown) => {
        failure = error
      })
      .finally(() => {
        askedAt = options.clock.now()
        flight = undefined
      })
    return flight
  }

  /** Refreshes when due. What is known stays in use when WeChat cannot be asked; only with nothing known is that an error. */
  const upToDate = async (serial?: string): Promise<ReadonlyMap<string, Certificate>> => {
    const age = options.clock.now() - askedAt
    const missing = serial !== undefined && !known.has(serial)
    if (known.size === 0 ? age > EMPTY_PAUSE_MS : age > REFRESH_AFTER_MS || (missing && age > UNKNOWN_SERIAL_PAUSE_MS)) await refresh()
    else if (flight && missing) await flight
    if (known.size === 0 && failure !== undefined) throw failure
    return known
  }

  return {
    find: async (serial) => (await upToDate(serial)).get(serial)?.publicKey,
    preferred: async () => newest(await upToDate()),
  }
}

/** Opened with the APIv3 key, then proven by the very certificate that claims to have signed the answer (v3-protocol §6). */
async function fetchCertificates(options: DownloadOptions): Promise<Map<string, Certificate>> {
  const answer = await options.download()
  try {
    if (answer.status !== 200) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'certificates', status: answer.status })
    const signature = readAnswerSignature(answer.headers)
    assertPlausible(signature, options.clock.now())
    const found = bySerial(openAll(options.apiV3Keys, answer.body))
    const signer = found.get(signature.serial)
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

function bySerial(certificates: readonly Certificate[]): Map<string, Certificate> {
  return new Map(certificates.map((one) => [one.serial_no, one]))
}

function newest(known: ReadonlyMap<string, Certificate>): string | undefined {
  return [...known.values()].sort((a, b) => b.notAfter - a.notAfter)[0]?.serial_no
}
