// Writes the signature headers as WeChat does, or distorted as a fault asks. Answers and notifications share this code.

import { PROBE_PREFIX, signAnswer } from '@cashdesk/protocol'
import type { SigningKey } from '../platform/merchants/merchants.ts'
import { nonce, type Random, randomHex } from '../ports/random.ts'
import type { ArmedFault } from './fault.ts'

const DEFAULT_SECONDS = 600

/** `now` is epoch milliseconds. Without a fault the headers are right. */
export async function signatureHeaders(
  key: SigningKey,
  body: string,
  now: number,
  random: Random,
  fault?: ArmedFault,
): Promise<Record<string, string>> {
  const kind = fault?.fault.slice(fault.fault.indexOf('.') + 1)
  const shift = (fault?.seconds ?? DEFAULT_SECONDS) * 1000
  const signed = (bytes: string, at: number): Promise<Record<string, string>> => signAnswer(key, bytes, at, nonce(random))

  switch (kind) {
    case 'unsigned':
      return without(await signed(body, now), fault?.header)
    case 'bad_signature':
      return signed(`${body} `, now)
    case 'stale':
      return signed(body, now - shift)
    case 'future':
      return signed(body, now + shift)
    case 'wrong_serial':
      return { ...(await signed(body, now)), 'Wechatpay-Serial': randomHex(random, 20).toUpperCase() }
    case 'probe':
      return probed(await signed(body, now))
    default:
      return signed(body, now)
  }
}

function without(headers: Record<string, string>, name: string | undefined): Record<string, string> {
  if (name === undefined) return {}
  return Object.fromEntries(Object.entries(headers).filter(([header]) => header.toLowerCase() !== name.toLowerCase()))
}

/** The probe mark replaces the first characters of the signature, so that its length stays the usual one (v3-protocol §5). */
function probed(headers: Record<string, string>): Record<string, string> {
  const signature = headers['Wechatpay-Signature'] ?? ''
  return { ...headers, 'Wechatpay-Signature': `${PROBE_PREFIX}${signature.slice(PROBE_PREFIX.length)}` }
}
