// The headers of a request to WeChat Pay. The signature is made for each attempt, over exactly the bytes that are sent.

import { AUTHORIZATION_SCHEME, formatAuthorization, requestMessage } from '@cashdesk/protocol'
import { nonce } from '../ports.ts'
import { VERSION } from '../version.ts'
import type { SignedRequest, TransportOptions } from './options.ts'

const USER_AGENT = `cashdesk-sdk/${VERSION} (${AUTHORIZATION_SCHEME})`

export async function signedHeaders(
  options: TransportOptions,
  { method, target, body, signed = body, content_type = 'application/json', serial }: SignedRequest,
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(options.clock.now() / 1000))
  const nonce_str = nonce(options.random)
  const signature = await options.signer.sign(requestMessage(method, target, timestamp, nonce_str, signed ?? ''))
  return {
    authorization: formatAuthorization({ mchid: options.mchid, serial_no: options.signer.serial_no, nonce_str, timestamp, signature }),
    accept: 'application/json',
    'user-agent': USER_AGENT,
    ...(body !== undefined && { 'content-type': content_type }),
    ...(serial && { 'wechatpay-serial': serial }),
  }
}
