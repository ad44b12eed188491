// A bill that is streamed over a real socket: cut in the middle, cut into single bytes, altered. Nothing ends the process, and every error is typed.

import { createHash } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { generateKeys } from '@cashdesk/emulator'
import { tradeBillReader } from '@cashdesk/protocol'
import type { BillAnswer } from '@cashdesk/protocol/spec'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type BillStreamOptions, createWechatPay, NetworkError, type WechatPay } from '../src/index.ts'

const FILE = Buffer.from('交易时间,公众账号ID\n'.repeat(20_000))
const PACKED = gzipSync(FILE)
let keys: Awaited<ReturnType<typeof generateKeys>>
beforeAll(async () => {
  keys = await generateKeys()
})
const servers: http.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that sends the file so, its client, and the bill it announced. */
async function served(
  send: (answer: http.ServerResponse) => void,
  hash = createHash('sha1').update(FILE).digest('hex'),
): Promise<{ wechatpay: WechatPay; bill: BillAnswer }> {
  const server = http.createServer((_, answer) => send(answer))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
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
  return { wechatpay, bill }
}

async function billOf(...given: Parameters<typeof served>): Promise<(how?: BillStreamOptions) => AsyncGenerator<Uint8Array>> {
  const { wechatpay, bill } = await served(...given)
  return (how) => wechatpay.bills.stream(bill, how)
}

/** The file as that server sends it. */
async function streamed(send: (answer: http.ServerResponse) => void, hash?: string): Promise<Buffer> {
  const stream = await billOf(send, hash)
  const chunks: Uint8Array[] = []
  for await (const chunk of stream()) chunks.push(chunk)
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

/** Writes such chunks for as long as somebody listens, which should not be long: after 256 MB it ends. */
function withoutEnd(answer: http.ServerResponse, chunk: Uint8Array): void {
  let left = 256 * 1024 * 1024
  const more = (): void => {
    if (answer.destroyed) return
    left -= chunk.byteLength
    if (left < 0) answer.destroy()
    else answer.write(chunk, more)
  }
  more()
}

describe('A10: a bill without end', () => {
  const MAX = 4 * 1024 * 1024
  /** What was read before the error, and that the connection was given up. */
  async function read(send: (answer: http.ServerResponse) => void, bytes_max = MAX): Promise<{ error: unknown; bytes: number }> {
    const closed = Promise.withResolvers<void>()
    const stream = await billOf((answer) => {
      answer.once('close', closed.resolve)
      send(answer)
    })
    let bytes = 0
    try {
      for await (const chunk of stream({ bytes_max })) bytes += chunk.byteLength
      return { error: undefined, bytes }
    } catch (error) {
      return { error, bytes }
    } finally {
      await closed.promise
    }
  }

  test.each<[string, (answer: http.ServerResponse) => void]>([
    ['plain', (answer) => withoutEnd(answer, Buffer.alloc(65_536, 'x'))],
    ['that unpacks to more', (answer) => answer.end(gzipSync(Buffer.alloc(MAX + 1)))],
    // Flushes of a proxy that keeps the connection alive: blocks of gzip that hold nothing.
    [
      'of gzip that unpacks to nothing',
      (answer) => answer.write(PACKED.subarray(0, 10), () => withoutEnd(answer, Buffer.from('000000ffff'.repeat(10_000), 'hex'))),
    ],
  ])('%s is given up at the limit, which the error names', async (_, send) => {
    const { error, bytes } = await read(send)
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ code: 'ERR_ANSWER_TOO_LARGE', outcome: 'unknown', facts: { bytes_max: MAX } })
    expect((error as Error).message).toContain('bills.stream(bill, { bytes_max })')
    expect(bytes).toBeLessThanOrEqual(MAX)
  })

  test.each([
    ['packed', PACKED],
    ['plain', FILE],
  ])('a %s one of exactly the limit is read whole', async (_, sent) => {
    expect(await read((answer) => answer.end(sent), FILE.length)).toEqual({ error: undefined, bytes: FILE.length })
    expect(await read((answer) => answer.end(sent), FILE.length - 1)).toMatchObject({ error: { code: 'ERR_ANSWER_TOO_LARGE' } })
  })

  test('what follows the end of the gzip is not waited for: the file is whole, and the connection is given up', async () => {
    const padded = await read((answer) => answer.write(PACKED, () => withoutEnd(answer, Buffer.alloc(65_536))))
    expect(padded).toEqual({ error: undefined, bytes: FILE.length })
  })

  test.each([0, -1, Number.NaN])('%d bytes are no limit', async (bytes_max) => {
    const stream = await billOf((answer) => answer.end(PACKED))
    await expect(stream({ bytes_max }).next()).rejects.toThrow('bytes_max')
  })
})

test.each([
  ['packed', PACKED],
  ['plain', FILE],
])('A10: whoever stops reading a %s bill gives its connection up, also while nothing more comes', async (_, bytes) => {
  const closed = Promise.withResolvers<void>()
  const stream = await billOf((answer) => {
    answer.once('close', closed.resolve)
    answer.write(bytes.subarray(0, bytes.length >> 1))
  })
  for await (const _chunk of stream()) break
  await closed.promise
})

test('A10: a refusal in place of a bill gives its connection up', async () => {
  const closed = Promise.withResolvers<void>()
  const stream = await billOf((answer) => {
    answer.once('close', closed.resolve)
    answer.writeHead(403).write('{')
  })
  await expect(stream().next()).rejects.toMatchObject({ code: 'ERR_NETWORK', facts: { reason: 'HTTP 403' } })
  await closed.promise
})

describe('rows over a socket', () => {
  const cells = (...texts: string[]): string => texts.map((text) => `\`${text}`).join()
  const row = (i: number): string =>
    cells(
      '2026-11-23 10:00:00',
      'wx1',
      '1900000001',
      '0',
      `42${i}`,
      `ORDER-${i}`,
      'o',
      'JSAPI',
      'SUCCESS',
      'CNY',
      '0.10',
      '0.00',
      '0.00',
      '0.60%',
      '0.10',
    )
  const ROWS = 20_000
  const BILL = Buffer.from(
    [
      '\ufeff交易时间,公众账号ID,商户号,特约商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,货币种类,应结订单金额,代金券金额,手续费,费率,订单金额',
      ...Array.from({ length: ROWS }, (_, i) => row(i)),
      '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
      `${cells(`${ROWS}.0`, '2000.0', '0.0', '0.0', '0.0', '2000.0', '0.0')}\r\n`,
    ].join('\r\n'),
  )
  const hash = createHash('sha1').update(BILL).digest('hex')

  /** The number of rows, of batches, and the error of the loop. */
  async function rowsOf(send: (answer: http.ServerResponse) => void) {
    const { wechatpay, bill } = await served(send, hash)
    const reading = wechatpay.bills.read(bill, tradeBillReader({ date: '2026-11-23', mchid: '1900000001' }))
    let rows = 0
    try {
      for await (const batch of reading) rows += batch.length
      return { rows, summary: reading.summary, error: undefined }
    } catch (error) {
      return { rows, summary: reading.summary, error }
    }
  }

  test('a bill that comes in pieces of odd sizes is read whole', async () => {
    const packed = gzipSync(BILL)
    const { rows, summary } = await rowsOf((answer) => {
      let at = 0
      const next = (): void => {
        if (at >= packed.length) return void answer.end()
        answer.write(packed.subarray(at, at + 7919), () => setImmediate(next))
        at += 7919
      }
      next()
    })
    expect(rows).toBe(ROWS)
    expect(summary).toMatchObject({ count: ROWS, total: ROWS * 10 })
  })

  test('a connection that ends in the middle gives rows, then an error, and no summary', async () => {
    const { rows, summary, error } = await rowsOf((answer) => {
      answer.writeHead(200, { 'content-length': BILL.length })
      answer.write(BILL.subarray(0, BILL.length / 2), () => answer.destroy())
    })
    expect(rows).toBeLessThan(ROWS)
    expect(error).toMatchObject({ name: 'NetworkError', outcome: 'unknown' })
    expect(summary).toBeUndefined()
  })

  test('a web page of a proxy is refused by its hash, and no row comes', async () => {
    const { rows, error } = await rowsOf((answer) => answer.end('<html>502</html>'))
    expect(rows).toBe(0)
    expect(error).toMatchObject({ code: 'ERR_BILL_HASH' })
  })
})
