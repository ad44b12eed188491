// The Authorization header of a v3 request (v3-protocol §2): formatted by merchants, parsed by WeChat.

import { CashdeskError } from '../errors.ts'

export const AUTHORIZATION_SCHEME = 'WECHATPAY2-SHA256-RSA2048'

export interface Authorization {
  /** The merchant that signs: direct merchant, or `sp_mchid` of a service provider. */
  mchid: string
  /** Serial number of the merchant API certificate whose key signed. */
  serial_no: string
  nonce_str: string
  /** Unix seconds. */
  timestamp: string
  /** Base64. */
  signature: string
}

export function formatAuthorization(a: Authorization): string {
  return `${AUTHORIZATION_SCHEME} mchid="${a.mchid}",nonce_str="${a.nonce_str}",timestamp="${a.timestamp}",serial_no="${a.serial_no}",signature="${a.signature}"`
}

const NAMES = ['mchid', 'serial_no', 'nonce_str', 'timestamp', 'signature'] as const

/** Reads the five pairs in any order. @throws CashdeskError ERR_AUTHORIZATION_INVALID naming what is wrong. */
export function parseAuthorization(header: string): Authorization {
  const space = header.indexOf(' ')
  const scheme = space < 0 ? header : header.slice(0, space)
  if (scheme !== AUTHORIZATION_SCHEME) throw invalid('scheme', `expected ${AUTHORIZATION_SCHEME}`)

  const found = new Map<string, string>()
  for (const pair of header.slice(space + 1).split(',')) {
    const match = /^([a-z_]+)="([^"]*)"$/.exec(pair)
    if (!match?.[1] || match[2] === undefined) throw invalid('pair', 'expected key="value" pairs joined by a comma without blanks')
    if (found.has(match[1])) throw invalid(match[1], 'given twice')
    found.set(match[1], match[2])
  }
  const value = (name: (typeof NAMES)[number]): string => {
    const text = found.get(name)
    if (!text) throw invalid(name, 'missing or empty')
    return text
  }
  return {
    mchid: value('mchid'),
    serial_no: value('serial_no'),
    nonce_str: value('nonce_str'),
    timestamp: value('timestamp'),
    signature: value('signature'),
  }
}

function invalid(part: string, problem: string): CashdeskError {
  return new CashdeskError('ERR_AUTHORIZATION_INVALID', { part, problem })
}
