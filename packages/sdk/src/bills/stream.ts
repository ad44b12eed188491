// A bill as a stream, for one too large to hold. It fails at its end if the hash is wrong: write it aside, use it when it has ended well.

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { MessageError } from '@cashdesk/protocol'
import type { BillAnswer } from '@cashdesk/protocol/spec'
import { NetworkError } from '../errors.ts'
import type { TransportOptions } from '../transport/options.ts'
import { signedHeaders } from '../transport/signed-headers.ts'

/** Chunks of the uncompressed file. The last thing it does is to check the SHA-1. @throws MessageError ERR_BILL_HASH, ERR_BILL_FORMAT, NetworkError */
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
  try {
    for await (const chunk of uncompressed(answer.body)) {
      hash.update(chunk)
      yield chunk
    }
  } catch (cause) {
    throw brokenOff(cause, url.pathname)
  }
  const got = hash.digest('hex')
  if (bill.hash_type !== 'SHA1' || got !== bill.hash_value.toLowerCase()) {
    throw new MessageError('ERR_BILL_HASH', { announced: bill.hash_value.slice(0, 40), got })
  }
}

/** What zlib refuses is a fault of the file, anything else one of the way here. */
function brokenOff(cause: unknown, path: string): Error {
  const code = (cause as { code?: unknown } | undefined)?.code
  if (typeof code === 'string' && code.startsWith('Z_'))
    return new MessageError('ERR_BILL_FORMAT', { problem: 'the gzip is cut or altered' }, { cause })
  return new NetworkError('ERR_NETWORK', { request: `GET ${path}`, reason: 'the connection ended in the middle of the file' }, { cause })
}

/** Gzip is recognised by its first two bytes, whatever was asked for and however they are cut. */
async function* uncompressed(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = body[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  let ended = false
  while (head.length < 2 && !ended) {
    const next = await source.next()
    if (next.done) ended = true
    else head = Buffer.concat([head, next.value])
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head
    for (let next = ended ? undefined : await source.next(); next && !next.done; next = await source.next()) yield next.value
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) yield* whole()
  // `compose` passes an error of the source on; `pipe` would leave it to nobody, and it would end the process.
  else yield* Readable.from(whole()).compose(createGunzip())
}
