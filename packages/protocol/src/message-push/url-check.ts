// The check that WeChat makes when the push URL is saved in the console: a signed GET whose echostr must be returned unchanged.

import { SignatureError } from '../errors.ts'
import { assertPushSigned, type PushQuery, type PushTrust, pushSignature } from './trust.ts'

/** The body to answer with. @throws SignatureError ERR_SIGN_MISSING, ERR_SIGNATURE_MISMATCH */
export function openUrlCheck({ token }: Pick<PushTrust, 'token'>, query: PushQuery): string {
  assertPushSigned(token, query, 'signature')
  if (query.echostr === undefined) throw new SignatureError('ERR_SIGN_MISSING', { missing: 'echostr' })
  return query.echostr
}

/** WeChat's side: the query of the check. */
export function sealUrlCheck(
  { token }: Pick<PushTrust, 'token'>,
  input: { timestamp: string; nonce: string; echostr: string },
): Record<'signature' | 'timestamp' | 'nonce' | 'echostr', string> {
  return { ...input, signature: pushSignature(token, input.timestamp, input.nonce) }
}
