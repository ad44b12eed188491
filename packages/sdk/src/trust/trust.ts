// Whose signatures count: keys by serial, strictly. Each merchant has its own; nothing is shared or static.

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
  /** The key of that serial if it is at hand and fresh: spares the common case a wait. */
  known(serial: string): KeyObject | undefined
  /** The key of that serial, upper case; undefined when this source has none. May ask WeChat once. @throws why it could not be asked */
  find(serial: string): Promise<KeyObject | undefined>
  /** The key to ask WeChat to sign with; undefined when the source is empty. */
  preferred(): Promise<{ serial: string; key: KeyObject } | undefined>
  /** What is at hand now, without asking. */
  held(): TrustedKey[]
}

export interface TrustedKey {
  serial: string
  /** Epoch milliseconds; null for a public key, which has no end. */
  not_after: number | null
}

/** Checks that an answer or notification is WeChat's own. */
export interface Verifier {
  /** @throws SignatureError */
  verify(headers: HeaderSource, body: Uint8Array): Promise<void>
  /** What happened to a body whose signature does not fit; costs far more than a verification. @throws SignatureError where no key is known */
  diagnose(headers: HeaderSource, body: Uint8Array): Promise<BodyAlteration | undefined>
  /** The key we ask WeChat to sign with, sent as `Wechatpay-Serial`; sensitive fields are sealed with it too. */
  sealingKey(): Promise<{ serial: string; key: KeyObject }>
  /** The keys at hand. */
  held(): TrustedKey[]
}

/** A verifier over the sources, tried in order. The clock and the probe mark are checked before any key is looked up. */
export function verifierOf(sources: readonly KeySource[], clock: Clock): Verifier {
  /** What the first source that has something gives. A source that fails does not hide the next. */
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
    // A stranger can send any serial, so a failed download behind it is only the cause: the message is still one that nobody vouches for.
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
