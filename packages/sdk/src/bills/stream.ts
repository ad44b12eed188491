// A bill as a stream, for one too large to hold. It fails at its end if the hash is wrong: write it aside, use it when it has ended well.

import { createHash } from 'node:crypto'
import { createGunzip } from 'node:zlib'
import { MessageError } from '@cashdesk/protocol'
import type { BillAnswer } from '@cashdesk/protocol/spec'
import { NetworkError } from '../errors.ts'
import type { TransportOptions } from '../transport/options.ts'
import { signedHeaders } from '../transport/signed-headers.ts'

/** Chunks of the uncompressed file. The last thing it does is to check the SHA-1. @throws MessageError ERR_BILL_HASH, NetworkError */
export async function* streamBill(options: TransportOptions, bill: BillAnswer, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const url = new URL(bill.download_url)
  const request = { method: 'GET' as const, target: url.pathname + url.search }
  const headers = await signedHeaders(options, request)
  const answer = await options
    .fetch(new Request((options.hosts[0] ?? '') + request.target, { headers, redirect: 'manual', ...(signal && { signal }) }))
    .catch((cause: unknown) => {
      throw new NetworkError('ERR_NETWORK', { request: `GET ${url.pathname}` }, { cause })
    })
  if (answer.status !== 200 || !answer.body)
    throw new NetworkError('ERR_NETWORK', { request: `GET ${url.pathname}`, reason: `HTTP ${answer.status}` })
  const hash = createHash('sha1')
  for await (const chunk of uncompressed(answer.body)) {
    hash.update(chunk)
    yield chunk
  }
  const got = hash.digest('hex')
  if (bill.hash_type !== 'SHA1' || got !== bill.hash_value.toLowerCase()) {
    throw new MessageError('ERR_BILL_HASH', { announced: bill.hash_value.slice(0, 40), got })
  }
}

/** Gzip is recognised by its first bytes, whatever was asked for. */
async function* uncompressed(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = body[Symbol.asyncIterator]()
  const first = await source.next()
  if (first.done) return
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  }
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* whole()
  else yield* (await import('node:stream')).Readable.from(whole()).pipe(createGunzip())
}
