// Composes a v2 notification: a payment is signed (v2-protocol §10), a refund is encrypted and not signed (§11).

import { createSecretKey, type KeyObject } from 'node:crypto'
import { sealV2Payment, sealV2Refund } from '@cashdesk/protocol/v2'
import type { FaultName } from '../../faults/catalogue.ts'
import { nonce, type Random, randomHex } from '../../ports/random.ts'
import type { V2Notice } from '../notifications/notification.ts'
import { type V2Fields, writable } from './fields.ts'

/** Faults that these messages cannot have: they carry neither time nor serial, and a refund has no signature. */
export const V2_IMPOSSIBLE: Readonly<Record<V2Notice['kind'], readonly FaultName[]>> = {
  payment: ['notification.probe', 'notification.stale'],
  refund: ['notification.probe', 'notification.stale', 'notification.bad_signature'],
}

export function composeV2(random: Random, apiV2Key: KeyObject, v2: V2Notice, told: V2Fields, fault: FaultName | undefined): string {
  const said = writable(told)
  // A forger knows the content, but not the key.
  const key = fault === 'notification.forged' ? createSecretKey(Buffer.from(randomHex(random, 16))) : apiV2Key
  const outer = { ...v2.parties, nonce_str: nonce(random) }
  if (v2.kind === 'refund') {
    const body = sealV2Refund({ key }, outer, said)
    return fault === 'notification.altered' ? broken(body) : body
  }
  // The receiver reads an absent sign_type as MD5, so only a stronger one is named (v2-protocol §10).
  const sign_type = v2.sign_type === 'MD5' ? undefined : v2.sign_type
  const body = sealV2Payment({ key, signType: v2.sign_type }, { ...outer, sign_type, result_code: 'SUCCESS', ...said })
  if (fault === 'notification.altered')
    return body.replace(/(<total_fee>)(\d+)/, (_, tag: string, fee: string) => `${tag}${Number(fee) + 1}`)
  if (fault === 'notification.bad_signature')
    return body.replace(/(<sign><!\[CDATA\[)(.)/, (_, tag: string, first: string) => tag + other(first))
  return body
}

/**
 * Removes the last byte, so that the length is no multiple of the block size and no key can decrypt it.
 * After a changed byte, decryption would succeed whenever the padding happened to be right.
 */
function broken(body: string): string {
  return body.replace(/([A-Za-z0-9+/]+=*)(\]\]><\/req_info>)/, (_, sealed: string, end: string) => {
    return Buffer.from(sealed, 'base64').subarray(0, -1).toString('base64') + end
  })
}

function other(character: string): string {
  return character === 'A' ? 'B' : 'A'
}
