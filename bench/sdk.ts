// The SDK beside bare crypto and published clients: signing an order, receiving a notification, the payment fields, and loading.

import { spawnSync } from 'node:child_process'
import { createDecipheriv, createPrivateKey, createPublicKey, createSecretKey, sign as signBytes, verify as verifyBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { generateKeys } from '@cashdesk/emulator'
import { apiV3Key, formatAuthorization, privateKey, requestMessage, sealNotification, signAnswer } from '@cashdesk/protocol'
import { createWechatPay, localSigner, systemRandom } from '@cashdesk/sdk'
import { compare, type Figure, median, round } from './measure.ts'

const load = createRequire(import.meta.url)
/** The parts of the peers that are measured. Both are CommonJS, and their types do not fit. */
const { Rsa, Formatter, Aes } = load('wechatpay-axios-plugin') as {
  Rsa: { sign(message: string, key: unknown): string; verify(message: string, signature: string, key: unknown): boolean }
  Formatter: {
    request(method: string, uri: string, timestamp: string, nonce: string, body: string): string
    response(timestamp: string, nonce: string, body: string): string
  }
  Aes: { AesGcm: { decrypt(ciphertext: string, key: string, nonce: string, aad: string): string } }
}
const NodeV3Pay = load('wechatpay-node-v3') as (new (
  options: object,
) => {
  getSignature(method: string, nonce: string, timestamp: string, url: string, body: string): string
  getAuthorization(nonce: string, timestamp: string, signature: string): string
  verifySign(answer: object): Promise<boolean>
  decipher_gcm(ciphertext: string, aad: string, nonce: string, key: string): unknown
}) & { certificates: Record<string, string> }

const { direct, platform } = await generateKeys()
const MCHID = '1900000001'
const TARGET = '/v3/pay/transactions/jsapi'
const ORDER = JSON.stringify({ description: '拿铁', out_trade_no: 'ORDER-0001', amount: { total: 2800 }, attach: 'x'.repeat(410) })
/** Enough to keep libuv's pool busy on two cores. */
const CONCURRENCY = 16

const key = createPrivateKey(direct.merchant_key)
const bareSign = (message: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    signBytes('RSA-SHA256', message, key, (error, signature) => (error ? reject(error) : resolve(signature))),
  )
const nodeV3 = new NodeV3Pay({
  appid: 'wx',
  mchid: MCHID,
  publicKey: Buffer.from(direct.merchant_cert),
  privateKey: Buffer.from(direct.merchant_key),
  serial_no: direct.merchant_serial,
  key: direct.api_v3_key,
})

export async function sign(): Promise<Figure> {
  const signer = localSigner(direct.merchant_serial, direct.merchant_key)
  const bare = requestMessage('POST', TARGET, '1795500000', 'N'.repeat(32), ORDER)
  const ours = async () => {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const nonce_str = Buffer.from(systemRandom(16)).toString('hex').toUpperCase()
    const signature = await signer.sign(requestMessage('POST', TARGET, timestamp, nonce_str, ORDER))
    return formatAuthorization({ mchid: MCHID, serial_no: direct.merchant_serial, nonce_str, timestamp, signature })
  }
  const peers = {
    'wechatpay-axios-plugin': () => Rsa.sign(Formatter.request('POST', TARGET, '1795500000', 'N'.repeat(32), ORDER), direct.merchant_key),
    'wechatpay-node-v3': () => nodeV3.getAuthorization('N', '1795500000', nodeV3.getSignature('POST', 'N', '1795500000', TARGET, ORDER)),
  }
  return {
    ...(await compare('sdk.sign', ours, () => bareSign(bare), peers, CONCURRENCY)),
    note: 'Authorization of a 500-byte order; the peers block the event loop',
  }
}

export async function notification(): Promise<Figure> {
  const client = createWechatPay({
    mchid: MCHID,
    signer: { serial_no: direct.merchant_serial, privateKey: direct.merchant_key },
    apiV3Key: direct.api_v3_key,
    publicKeys: { [direct.public_key_id]: direct.public_key },
  })
  const resource = {
    mchid: MCHID,
    appid: 'wx',
    out_trade_no: 'ORDER-0001',
    transaction_id: '4200',
    trade_state: 'SUCCESS',
    amount: { total: 2800 },
    attach: 'x'.repeat(450),
  }
  const body = Buffer.from(
    sealNotification(apiV3Key(direct.api_v3_key), {
      id: 'id',
      create_time: '2026-11-24T10:00:00+08:00',
      event_type: 'TRANSACTION.SUCCESS',
      summary: '支付成功',
      original_type: 'transaction',
      resource,
      nonce: 'abcdefghijkl',
    }),
  )
  const signer = { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) }
  const headers = new Headers(await signAnswer(signer, body, Date.now(), 'N'.repeat(32)))
  const text = body.toString()
  const envelope = JSON.parse(text) as { resource: { ciphertext: string; nonce: string } }
  const [timestamp, nonce, signature] = ['timestamp', 'nonce', 'signature'].map((name) => headers.get(`wechatpay-${name}`) ?? '') as [
    string,
    string,
    string,
  ]
  const trusted = createPublicKey(direct.public_key)
  const secret = createSecretKey(Buffer.from(direct.api_v3_key))
  const message = Buffer.from(`${timestamp}\n${nonce}\n${text}\n`)
  const limit = () => {
    if (!verifyBytes('RSA-SHA256', message, trusted, Buffer.from(signature, 'base64'))) throw new Error('not verified')
    const sealed = Buffer.from(envelope.resource.ciphertext, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', secret, Buffer.from(envelope.resource.nonce))
      .setAAD(Buffer.from('transaction'))
      .setAuthTag(sealed.subarray(-16))
    return decipher.update(sealed.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')
  }
  NodeV3Pay.certificates = { [direct.public_key_id]: direct.public_key }
  const peers = {
    // The minimum for any client: from the bytes to the message, and JSON parsed twice.
    'bare, from bytes to object': () => {
      const fresh = Buffer.concat([
        Buffer.from(`${headers.get('wechatpay-timestamp')}\n${headers.get('wechatpay-nonce')}\n`),
        body,
        Buffer.from('\n'),
      ])
      if (!verifyBytes('RSA-SHA256', fresh, trusted, Buffer.from(headers.get('wechatpay-signature') ?? '', 'base64')))
        throw new Error('not verified')
      const { resource: sealed } = JSON.parse(body.toString()) as typeof envelope
      const bytes = Buffer.from(sealed.ciphertext, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', secret, Buffer.from(sealed.nonce))
        .setAAD(Buffer.from('transaction'))
        .setAuthTag(bytes.subarray(-16))
      return JSON.parse(decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')) as unknown
    },
    'wechatpay-axios-plugin': () => {
      if (!Rsa.verify(Formatter.response(timestamp, nonce, text), signature, direct.public_key)) throw new Error('not verified')
      const { resource: sealed } = JSON.parse(text) as typeof envelope
      return JSON.parse(Aes.AesGcm.decrypt(sealed.ciphertext, direct.api_v3_key, sealed.nonce, 'transaction')) as unknown
    },
    'wechatpay-node-v3': async () => {
      if (!(await nodeV3.verifySign({ timestamp, nonce, body: text, serial: direct.public_key_id, signature })))
        throw new Error('not verified')
      const { resource: sealed } = JSON.parse(text) as typeof envelope
      return nodeV3.decipher_gcm(sealed.ciphertext, 'transaction', sealed.nonce, direct.api_v3_key)
    },
  }
  return {
    ...(await compare('sdk.notification', () => client.receive({ headers, body }), limit, peers, 1)),
    note: 'window, serial, signature, AEAD, shape, tenant; the limit is one verify and one open',
  }
}

export async function payFields(): Promise<Figure> {
  const client = createWechatPay({
    mchid: MCHID,
    signer: { serial_no: direct.merchant_serial, privateKey: direct.merchant_key },
    apiV3Key: direct.api_v3_key,
    platformCertificates: [platform.platform_cert],
  })
  const bare = Buffer.from(`wx0123456789abcdef\n1795500000\n${'N'.repeat(32)}\nprepay_id=wx26112221580621e9b071c00d9e093b0000\n`)
  const ours = () => client.requestPayment({ appid: 'wx0123456789abcdef', prepay_id: 'wx26112221580621e9b071c00d9e093b0000' })
  return compare(
    'sdk.pay_fields',
    ours,
    () => bareSign(bare),
    { 'wechatpay-axios-plugin': () => Rsa.sign(bare.toString(), direct.merchant_key) },
    CONCURRENCY,
  )
}

/** Cold start: a process that imports the built SDK, compared with one that imports nothing. Needs `npm run build`. */
export function cold(): Figure {
  const time = (script: string): number => {
    const began = performance.now()
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return performance.now() - began
  }
  const rounds = Array.from({ length: 9 }, () => ({ nothing: time(''), sdk: time("await import('@cashdesk/sdk')") }))
  const added = median(rounds.map((one) => one.sdk - one.nothing))
  return {
    name: 'sdk.import',
    value: round(added, 1),
    unit: 'ms',
    limit: round(median(rounds.map((one) => one.nothing)), 1),
    note: 'added to the start of a bare process, whose time is the limit',
  }
}
