// A bill that is streamed over a real socket: cut in the middle, cut into single bytes, altered. Nothing ends the process, and every error is typed.

import { createHash } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { generateKeys } from '@cashdesk/emulator'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { createWechatPay } from '../src/index.ts'

const FILE = Buffer.from('交易时间,公众账号ID\n'.repeat(20_000))
const PACKED = gzipSync(FILE)
let keys: Awaited<ReturnType<typeof generateKeys>>
beforeAll(async () => {
  keys = await generateKeys()
})
let server: http.Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** The file as that server sends it. */
async function streamed(
  send: (answer: http.ServerResponse) => void,
  hash = createHash('sha1').update(FILE).digest('hex'),
): Promise<Buffer> {
  server = http.createServer((_, answer) => send(answer))
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { direct } = keys
  const wechatpay = createWechatPay({
    mchid: '1900000001',
    signer: { serial_no: direct.merchant_serial, privateKey: direct.merchant_key },
    apiV3Key: direct.api_v3_key,
    publicKeys: { [direct.public_key_id]: direct.public_key },
    baseURL: `http://127.0.0.1:${port}`,
  })
  const bill = { hash_type: 'SHA1' as const, hash_value: hash, download_url: `http://127.0.0.1:${port}/v3/billdownload/file?token=x` }
  const chunks: Uint8Array[] = []
  for await (const chunk of wechatpay.bills.stream(bill)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test.each([
  ['packed', PACKED],
  ['plain', FILE],
])('A10: a %s bill that comes byte by byte at its beginning is read whole', async (_, bytes) => {
  const file = await streamed((answer) => {
    let at = 0
    const next = (): void => {
      if (at < 4) answer.write(bytes.subarray(at, ++at), () => setImmediate(next))
      else answer.end(bytes.subarray(4))
    }
    next()
  })
  expect(file.equals(FILE)).toBe(true)
})

test.each([
  ['packed', PACKED],
  ['plain', FILE],
])('A10: a connection that ends in the middle of a %s bill is an error that can be caught, and nothing else', async (_, bytes) => {
  const strays: unknown[] = []
  const hear = (error: unknown): void => void strays.push(error)
  process.on('uncaughtException', hear)
  const cut = streamed((answer) => {
    answer.writeHead(200, { 'content-length': bytes.length })
    answer.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => answer.destroy())
  })
  await expect(cut).rejects.toMatchObject({ name: 'NetworkError', outcome: 'unknown' })
  process.off('uncaughtException', hear)
  expect(strays).toEqual([])
})

test('A10: a gzip that was altered is a fault of the file', async () => {
  const altered = Buffer.from(PACKED)
  altered.fill(0xff, 40, 80)
  await expect(streamed((answer) => answer.end(altered))).rejects.toMatchObject({ code: 'ERR_BILL_FORMAT' })
})

test('A10: another file than the one that was announced is refused at its end', async () => {
  await expect(streamed((answer) => answer.end(PACKED), 'a'.repeat(40))).rejects.toMatchObject({ code: 'ERR_BILL_HASH' })
})
