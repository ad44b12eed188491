// Downloads the file of a bill: a signed GET whose answer WeChat does not sign. The file is trusted by the SHA-1 of the signed apply answer.

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { MessageError } from '@cashdesk/protocol'
import type { BillAnswer } from '@cashdesk/protocol/spec'
import type { CallOptions, TransportOptions } from '../transport/options.ts'
import { refusalOf } from '../transport/refusal.ts'
import { withRetries } from '../transport/retry.ts'
import { sendSigned } from '../transport/transport.ts'
import type { Verifier } from '../trust/trust.ts'
import type { Unseal } from './sealed.ts'

/** Far more than a day's bill that fits in memory. */
const FILE_BYTES_MAX = 512 * 1024 * 1024

/** The uncompressed file, returned only if its hash is the announced one. @throws MessageError ERR_BILL_HASH, ApiError, NetworkError */
export async function downloadBill(
  options: TransportOptions,
  verifier: Verifier,
  bill: BillAnswer,
  how: CallOptions = {},
  unseal?: Unseal,
): Promise<Buffer> {
  const url = new URL(bill.download_url)
  const target = url.pathname + url.search
  const answer = await withRetries(options, how, async (attempt) => {
    const got = await sendSigned(options, { method: 'GET', target }, attempt, FILE_BYTES_MAX)
    if (got.status !== 200) throw await refusalOf(verifier, got, `GET ${url.pathname}`, undefined)
    return got
  })
  const { file, hash } = await uncompressed(unseal ? await opened(answer.body, unseal) : answer.body)
  if (bill.hash_type !== 'SHA1') throw new MessageError('ERR_BILL_HASH', { hash_type: bill.hash_type.slice(0, 20) })
  if (hash !== bill.hash_value.toLowerCase())
    throw new MessageError('ERR_BILL_HASH', { announced: bill.hash_value.slice(0, 40), got: hash })
  return file
}

/** @throws DecryptError */
async function opened(bytes: Uint8Array, unseal: Unseal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of unseal(slices(bytes))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Unpacks in libuv's pool and hashes in pieces, so that other requests are served meanwhile. Gzip is recognised by its first bytes, whatever was requested. */
async function uncompressed(bytes: Uint8Array): Promise<{ file: Buffer; hash: string }> {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b
  const source = Readable.from(slices(bytes))
  const chunks: Uint8Array[] = []
  const hash = createHash('sha1')
  let size = 0
  try {
    for await (const chunk of packed ? source.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : source) {
      size += chunk.byteLength
      if (size > FILE_BYTES_MAX) throw new RangeError('too large')
      hash.update(chunk)
      chunks.push(chunk)
    }
  } catch (cause) {
    const problem = cause instanceof RangeError ? 'larger than a bill may be' : 'the gzip is cut or altered'
    throw new MessageError('ERR_BILL_FORMAT', { problem, bytes: bytes.byteLength }, { cause })
  }
  return { file: Buffer.concat(chunks, size), hash: hash.digest('hex') }
}

const CHUNK_BYTES = 256 * 1024

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}
