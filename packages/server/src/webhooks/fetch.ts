// Sends requests to merchants' endpoints. It checks the address that is actually connected,
// because a name may resolve to anything and change later, and follows no redirect.

import { lookup as resolve } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Fetch } from '@cashdesk/sdk'
import { isAllowed, isPublicAddress, type UrlPolicy, urlFault } from './address.ts'

const TIMEOUT_MS = 15_000
/** Bytes of the answer that are read and discarded; the body of a receiver's answer has no meaning for us. */
const RECEIVER_BYTES_MAX = 64 * 1024

/** The DNS lookup that `webhookFetch` uses. The check is part of the connection itself, so that the address cannot change between check and call. */
export type Resolve = typeof resolve

export function webhookFetch(policy: UrlPolicy, resolver: Resolve = resolve): Fetch {
  const publicOnly: LookupFunction = (hostname, options, callback) => {
    resolver(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const refused = addresses.find(({ address }) => !isPublicAddress(address))
      const [first] = addresses
      if (refused || !first) return callback(new Error(`${hostname} resolves to an address that is not public`), '')
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
  return async (request) => {
    const fault = urlFault(request.url, policy)
    if (fault) throw new TypeError(`The webhook URL is refused: ${fault.en}.`)
    const url = new URL(request.url)
    const body = Buffer.from(await request.arrayBuffer())
    const guarded = isAllowed(url, policy) ? {} : { lookup: publicOnly }
    const module = url.protocol === 'https:' ? https : http
    return new Promise((answered, reject) => {
      const headers = { ...Object.fromEntries(request.headers), 'content-length': body.length }
      const sent = module.request(url, { method: 'POST', headers, ...guarded, signal: AbortSignal.timeout(TIMEOUT_MS) }, (answer) => {
        let size = 0
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > RECEIVER_BYTES_MAX) answer.destroy()
        })
        answer.on('error', () => {})
        const retryAfter = answer.headers['retry-after']
        answered(
          new Response(null, {
            status: statusOf(answer.statusCode),
            headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
          }),
        )
      })
      sent.once('error', reject)
      sent.end(body)
    })
  }
}

/** `Response` accepts only 200–599, so any other status becomes 502. Redirects are not followed and count as failures. */
function statusOf(status: number | undefined): number {
  return status !== undefined && status >= 200 && status <= 599 ? status : 502
}
