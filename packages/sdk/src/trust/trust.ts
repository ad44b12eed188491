// Which keys are trusted: looked up by serial, exact match. Each merchant has its own keys; none are shared or built in.

import type { KeyObject } from 'node:crypto'
import {
  assertPlausible,
  assertSigned,
  type BodyAlteration,
  diagnoseBody,
  type HeaderSource,
  readAnswerSignature,
  SignatureError,
} from '@cashdesk/protocol'
import { NoTrustedKeyError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { boundedDiagnosis, explained } from './diagnosis.ts'

/** Keys of one kind: WeChat Pay public keys, or platform certificates. */
export interface KeySource {
  /** The key of that serial, if it is loaded and fresh. Spares most verifications a wait. */
  known(serial: string): KeyObject | undefined
  /** The key of that serial (upper case), or undefined if this source has none. May ask WeChat once. @throws the reason why WeChat could not be asked */
  find(serial: string): Promise<KeyObject | undefined>
  /** The key that WeChat should sign with. Undefined if the source is empty. */
  preferred(): Promise<{ serial: string; key: KeyObject } | undefined>
  /** The keys that are loaded now. Makes no request. */
  held(): TrustedKey[]
}

export interface TrustedKey {
  serial: string
  /** Epoch milliseconds. Null for a public key, because it does not expire. */
  not_after: number | null
}

/** Checks that an answer or notification was signed by WeChat. */
export interface Verifier {
  /** @throws SignatureError */
  verify(headers: HeaderSource, body: Uint8Array): Promise<void>
  /** Finds out how a body was changed whose signature does not match. Costs far more than a verification. @throws SignatureError if the key is not known */
  diagnose(headers: HeaderSource, body: Uint8Array): Promise<BodyAlteration | undefined>
  /** The key that WeChat should sign with, sent as `Wechatpay-Serial`. Sensitive fields are sealed with it too. */
  sealingKey(): Promise<{ serial: string; key: KeyObject }>
  /** The keys that are loaded now. */
  held(): TrustedKey[]
}

/** A verifier over the sources, tried in order. The timestamp and the mark of WeChat's probes are checked before any key is looked up. */
export function verifierOf(sources: readonly KeySource[], clock: Clock): Verifier {
  /** The first result that a source returns. If a source fails, the next one is still asked. */
  const first = async <T>(ask: (source: KeySource) => Promise<T | undefined>): Promise<{ found?: T; failure?: unknown }> => {
    let failure: unknown
    for (const source of sources) {
      try {
        const found = await ask(source)
        if (found !== undefined) return { found }
      } catch (error) {
        failure = error
      }
    }
    return { failure }
  }

  const atHand = (serial: string): KeyObject | undefined => {
    for (const source of sources) {
      const key = source.known(serial)
      if (key) return key
    }
    return undefined
  }

  const diagnose = boundedDiagnosis(clock)
  const lookUp = async (serial: string): Promise<KeyObject> => {
    const { found, failure } = await first((source) => source.find(serial))
    if (found) return found
    // Anyone can send any serial, so a failed download is only the cause. The error says that the message is not signed by a known key.
    throw new SignatureError('ERR_SERIAL_UNKNOWN', { serial: serial.slice(0, 64) }, { cause: failure })
  }

  return {
    held: () => sources.flatMap((source) => source.held()),
    async verify(headers: HeaderSource, body: Uint8Array) {
      const signature = readAnswerSignature(headers)
      assertPlausible(signature, clock.now())
      const key = atHand(signature.serial) ?? (await lookUp(signature.serial))
      try {
        assertSigned(signature, body, key)
      } catch (error) {
        throw error instanceof SignatureError ? explained(error, diagnose(signature, body, key)) : error
      }
    },
    async diagnose(headers, body) {
      const signature = readAnswerSignature(headers)
      const key = atHand(signature.serial) ?? (await lookUp(signature.serial))
      return diagnoseBody(signature, body, key)
    },
    async sealingKey() {
      const { found, failure } = await first((source) => source.preferred())
      if (found) return found
      throw new NoTrustedKeyError(failure)
    },
  }
}
