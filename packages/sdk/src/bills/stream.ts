// A bill as a stream, for a file too large for memory. A wrong hash is found only at the end: write to a temporary file, and use it after the stream has ended
// well.

import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CashdeskError, MessageError } from '@cashdesk/protocol'
import type { BillAnswer } from '@cashdesk/protocol/spec'
import { NetworkError } from '../errors.ts'
import type { TransportOptions } from '../transport/options.ts'
import { signedHeaders } from '../transport/signed-headers.ts'
import { TooLarge } from '../transport/wire.ts'
import type { Unseal } from './sealed.ts'

export interface BillStreamOptions {
  /** Ends the stream and closes its connection. */
  signal?: AbortSignal | undefined
  /** Limit in bytes of the file as sent and as unpacked. Default 8 GiB: some fifteen million trades a day. */
  bytes_max?: number | undefined
  /** Called with each chunk as WeChat sent it, compressed if it was asked for so: to keep the file small. The stream waits for it. */
  packed?: ((chunk: Uint8Array) => void | Promise<void>) | undefined
}

/** A broken proxy can send without end, and a stream is usually written to a disk. */
const STREAM_BYTES_MAX = 8 * 1024 ** 3

/**
 * Chunks of the uncompressed file. The SHA-1 is checked after the last chunk.
 * @throws MessageError ERR_BILL_HASH, ERR_BILL_FORMAT; DecryptError for a sealed file; NetworkError, also ERR_ANSWER_TOO_LARGE; TypeError for a `bytes_max` that is no limit
 */
export async function* streamBill(
  options: TransportOptions,
  bill: BillAnswer,
  how: BillStreamOptions = {},
  unseal?: Unseal,
): AsyncGenerator<Uint8Array> {
  const { signal, bytes_max = STREAM_BYTES_MAX, packed } = how
  if (!(bytes_max > 0)) throw new TypeError(`bytes_max is the size of the largest file taken, in bytes: more than 0, not ${bytes_max}`)
  const url = new URL(bill.download_url)
  const reader = await opened(options, url, signal)
  const hash = createHash('sha1')
  try {
    const sent = seen(upTo(bytes_max, chunksOf(reader)), packed)
    for await (const chunk of upTo(bytes_max, uncompressed(unseal ? unseal(sent) : sent))) {
      hash.update(chunk)
      yield chunk
    }
  } catch (cause) {
    throw brokenOff(cause, url.pathname, bytes_max)
  } finally {
    // If the reader stops early, the connection is closed, even while a read waits for data. After the end this does nothing.
    await reader.cancel().catch(() => {})
  }
  const got = hash.digest('hex')
  if (bill.hash_type !== 'SHA1' || got !== bill.hash_value.toLowerCase()) {
    throw new MessageError('ERR_BILL_HASH', { announced: bill.hash_value.slice(0, 40), got })
  }
}

async function* seen(chunks: AsyncIterable<Uint8Array>, look: BillStreamOptions['packed']): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    await look?.(chunk)
    yield chunk
  }
}

/** The body of the answer, if it is the file. */
async function opened(options: TransportOptions, { pathname, search }: URL, signal?: AbortSignal): Promise<Reader> {
  const target = pathname + search
  const headers = await signedHeaders(options, { method: 'GET', target })
  const answer = await options
    .fetch(new Request((options.hosts[0] ?? '') + target, { headers, redirect: 'manual', ...(signal && { signal }) }))
    .catch((cause: unknown) => {
      throw new NetworkError('ERR_NETWORK', { request: `GET ${pathname}` }, { cause })
    })
  if (answer.status === 200 && answer.body) return answer.body.getReader()
  await answer.body?.cancel().catch(() => {})
  throw new NetworkError('ERR_NETWORK', { request: `GET ${pathname}`, reason: `HTTP ${answer.status}` })
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

async function* chunksOf(reader: Reader): AsyncGenerator<Uint8Array> {
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
}

/** Passes the chunks on, up to `bytesMax` bytes in all. @throws TooLarge */
async function* upTo(bytesMax: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size > bytesMax) throw new TooLarge()
    yield chunk
  }
}

/** An error of zlib means that the file is damaged; any other error means that the connection failed. */
function brokenOff(cause: unknown, path: string, bytes_max: number): Error {
  const request = `GET ${path}`
  if (cause instanceof TooLarge)
    return new NetworkError('ERR_ANSWER_TOO_LARGE', { request, bytes_max, if_the_bill_is_larger: 'give bills.stream(bill, { bytes_max })' })
  if (cause instanceof CashdeskError) return cause
  const code = (cause as { code?: unknown } | undefined)?.code
  if (typeof code === 'string' && code.startsWith('Z_'))
    return new MessageError('ERR_BILL_FORMAT', { problem: 'the gzip is cut or altered' }, { cause })
  return new NetworkError('ERR_NETWORK', { request, reason: 'the connection ended in the middle of the file' }, { cause })
}

/** Larger than zlib's 16 KB, so that there are fewer turns of the event loop. */
const CHUNK_BYTES = 64 * 1024

/** Gzip is recognised by its first two bytes, whatever was requested; they may arrive in separate chunks. */
async function* uncompressed(source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
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
  // With `pipeline` an error of the source reaches the reader of the file. With `pipe` it would be unhandled and end the process; so would an early end of
  // reading with `compose`.
  else yield* pipeline(Readable.from(whole()), createGunzip({ chunkSize: CHUNK_BYTES }), () => {})
}
