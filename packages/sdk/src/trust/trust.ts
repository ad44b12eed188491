// Whose signatures count: keys by serial, strictly. Each merchant has its own; nothing is shared or static.

import type { KeyObject } from 'node:crypto'
import { assertPlausible, assertSigned, type HeaderSource, readAnswerSignature, SignatureError } from '@cashdesk/protocol'
import type { Clock } from '../ports.ts'
import type { Verifier } from '../transport/transport.ts'

/** Keys of one kind: WeChat Pay public keys, or platform certificates. */
export interface KeySource {
  /** The key of that serial, upper case; undefined when this source has none. May ask WeChat once. */
  find(serial: string): Promise<KeyObject | undefined>
  /** The serial to ask WeChat to sign with; undefined when the source is empty. */
  preferred(): Promise<string | undefined>
}

/** A verifier over the sources, tried in order. The clock and the probe mark are checked before any key is looked up. */
export function verifierOf(sources: readonly KeySource[], clock: Clock): Verifier {
  return {
    async verify(headers: HeaderSource, body: Uint8Array) {
      const signature = readAnswerSignature(headers)
      assertPlausible(signature, clock.now())
      for (const source of sources) {
        const key = await source.find(signature.serial)
        if (key) return assertSigned(signature, body, key)
      }
      throw new SignatureError('ERR_SERIAL_UNKNOWN', { serial: signature.serial.slice(0, 64) })
    },
    async serial() {
      for (const source of sources) {
        const serial = await source.preferred()
        if (serial) return serial
      }
      throw new TypeError('No key of WeChat Pay is known: give publicKeys, or platformCertificates, or both.')
    },
  }
}
