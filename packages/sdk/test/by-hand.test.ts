// C1: what has no verb is called by hand: any method, JSON, an upload with its signed description, a file. A server on a socket reads the bytes, checks the
// signature with the merchant's public key alone, and answers as WeChat does.

import { constants, createHash, createPrivateKey, createPublicKey, generateKeyPairSync, privateDecrypt, sign, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWechatPay, type WechatPay } from '../src/index.ts'

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const [merchant, wechat] = [pair(), pair()]
const SERIAL = 'PUB_KEY_ID_0000000000000000000000000000000'

interface Seen {
  method: string
  target: string
  headers: IncomingMessage['headers']
  body: Buffer
}

let server: Server
let client: WechatPay
let seen: Seen
let answer: { status: number; type: string; body: Buffer; unsigned?: boolean }

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen = { method: request.method ?? '', target: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) }
      const timestamp = String(Math.floor(Date.now() / 1000))
      const text = Buffer.concat([Buffer.from(`${timestamp}\nnonce\n`), answer.body, Buffer.from('\n')])
      const signature = sign('RSA-SHA256', text, createPrivateKey(wechat.privateKey)).toString('base64')
      response.writeHead(answer.status, {
        'content-type': answer.type,
        ...(!answer.unsigned && {
          'Wechatpay-Timestamp': timestamp,
          'Wechatpay-Nonce': 'nonce',
          'Wechatpay-Serial': SERIAL,
          'Wechatpay-Signature': signature,
        }),
      })
      response.end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  client = createWechatPay({
    mchid: '1900000001',
    signer: { serial_no: '1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C', privateKey: merchant.privateKey },
    apiV3Key: 'k'.repeat(32),
    publicKeys: { [SERIAL]: wechat.publicKey },
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
})
afterAll(() => server.close())

const json = (body: object): typeof answer => ({ status: 200, type: 'application/json', body: Buffer.from(JSON.stringify(body)) })

/** Whether the merchant's signature covers the request line and `body`, as WeChat's rule says. */
function isSignedOver(body: string | Buffer): boolean {
  const { authorization = '' } = seen.headers
  const part = (name: string): string => new RegExp(`${name}="([^"]+)"`).exec(authorization)?.[1] ?? ''
  const head = `${seen.method}\n${seen.target}\n${part('timestamp')}\n${part('nonce_str')}\n`
  const text = Buffer.concat([Buffer.from(head), Buffer.from(body), Buffer.from('\n')])
  return verify('RSA-SHA256', text, createPublicKey(merchant.publicKey), Buffer.from(part('signature'), 'base64'))
}

test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('C1: %s with query and JSON, signed over what is sent', async (method) => {
  answer = json({ done: true })
  const query = { a: '1 & 2', b: undefined }
  expect(await client.request(method, '/v3/some/thing', { query, body: { name: '拿铁' }, serial: 'SEALED-WITH' })).toEqual({ done: true })
  expect(seen).toMatchObject({ method, target: '/v3/some/thing?a=1+%26+2' })
  expect(seen.headers).toMatchObject({ 'content-type': 'application/json', 'wechatpay-serial': 'SEALED-WITH' })
  expect(seen.body.toString()).toBe('{"name":"拿铁"}')
  expect(isSignedOver(seen.body)).toBe(true)
})

test('C1: a DELETE without a body, answered 204', async () => {
  answer = { status: 204, type: '', body: Buffer.alloc(0) }
  expect(await client.request('DELETE', '/v3/merchant-service/complaint-notifications')).toBeNull()
  expect(seen.headers['content-type']).toBeUndefined()
  expect(isSignedOver('')).toBe(true)
})

test('C1: an upload is signed over its description alone, and the file arrives byte for byte', async () => {
  answer = json({ media_id: 'M-1' })
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256))
  const upload = { filename: '身份证.png', content_type: 'image/png', bytes }
  expect(await client.request('POST', '/v3/merchant/media/upload', { upload })).toEqual({ media_id: 'M-1' })
  const boundary = /^multipart\/form-data; boundary=([0-9A-Za-z]+)$/.exec(seen.headers['content-type'] ?? '')?.[1] ?? ''
  const [, meta = '', file = '', end = ''] = seen.body.toString('latin1').split(`--${boundary}`)
  const signed = Buffer.from(meta.split('\r\n\r\n')[1]?.replace(/\r\n$/, '') ?? '', 'latin1')
  expect(JSON.parse(signed.toString())).toEqual({ filename: '身份证.png', sha256: createHash('sha256').update(bytes).digest('hex') })
  expect(isSignedOver(signed)).toBe(true)
  expect(Buffer.from(file.slice(file.indexOf('\r\n\r\n') + 4, -2), 'latin1').equals(bytes)).toBe(true)
  expect(end).toBe('--\r\n')
})

test.each(['a"b.png', 'a\r\nX: y.png', '', 'x'.repeat(129)])(
  'C1: the name %j of a file would break the header of its part, and nothing is sent',
  (filename) => {
    const upload = { filename, content_type: 'image/png', bytes: Buffer.alloc(1) }
    expect(() => client.request('POST', '/v3/merchant/media/upload', { upload })).toThrow(TypeError)
  },
)

test('C1: a file comes as bytes, from the address that WeChat gave, on WeChat’s own host', async () => {
  answer = { status: 200, type: 'image/png', body: Buffer.from([0x89, 0x50, 0, 255]), unsigned: true }
  const got = await client.download('https://elsewhere.example.com/v3/merchant-service/images/a%3Db?x=1%2F2')
  expect([got.content_type, Buffer.from(got.body)]).toEqual(['image/png', answer.body])
  expect(seen).toMatchObject({ method: 'GET', target: '/v3/merchant-service/images/a%3Db?x=1%2F2' })
  expect(isSignedOver('')).toBe(true)
  await expect(client.download('/v3/x', { bytes_max: 3 })).rejects.toMatchObject({ code: 'ERR_ANSWER_TOO_LARGE' })
})

test('C1: a refusal keeps WeChat’s code, and an unsigned answer proves nothing', async () => {
  answer = { ...json({ code: 'NO_AUTH', message: '无权限' }), status: 403 }
  await expect(client.download('/v3/x')).rejects.toMatchObject({ outcome: 'refused', refusal: { code: 'NO_AUTH', message: '无权限' } })
  await expect(client.request('PATCH', '/v3/x', { body: {} })).rejects.toMatchObject({ outcome: 'refused', refusal: { code: 'NO_AUTH' } })
  answer = { ...json({ done: true }), unsigned: true }
  await expect(client.request('PUT', '/v3/x', { body: {} })).rejects.toMatchObject({ code: 'ERR_ANSWER_UNTRUSTED', outcome: 'unknown' })
})

test('C1: sealed fields open with WeChat’s key, and sealer names the key', async () => {
  const { serial, seal } = await client.sealer()
  expect(serial).toBe(SERIAL)
  const key = { key: createPrivateKey(wechat.privateKey), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  expect(privateDecrypt(key, Buffer.from(seal('张三'), 'base64')).toString()).toBe('张三')
})
