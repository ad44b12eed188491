// Two published clients as independent oracles: they verify what we sign and we verify what they sign, by public key and by certificate.

import { createRequire } from 'node:module'
import {
  apiV3Key,
  certificate,
  formatAuthorization,
  openSensitive,
  parseAuthorization,
  privateKey,
  publicKey,
  requestMessage,
  requestPayment,
  sealResource,
  sealSensitive,
  sign,
  verify,
  verifyRequestPayment,
} from '@cashdesk/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { localSigner } from '../src/index.ts'
import { aWechat, type Wechat } from './wechat.ts'

/** The parts of the two that are used; both are CommonJS. */
interface AxiosPlugin {
  Rsa: {
    sign(message: string, key: unknown): string
    verify(message: string, signature: string, key: unknown): boolean
    encrypt(text: string, key: unknown): string
    decrypt(text: string, key: unknown): string
  }
  Formatter: {
    request(method: string, uri: string, timestamp: number | string, nonce: string, body?: string): string
    response(timestamp: string, nonce: string, body: string): string
    authorization(...parts: string[]): string
  }
}
interface NodeV3 {
  getSignature(method: string, nonce: string, timestamp: string, url: string, body?: object | string): string
  getAuthorization(nonce: string, timestamp: string, signature: string): string
  sign(text: string): string
  verifySign(answer: { timestamp: string; nonce: string; body: string; serial: string; signature: string }): Promise<boolean>
  decipher_gcm(ciphertext: string, aad: string, nonce: string, key: string): unknown
}
const load = createRequire(import.meta.url)
const { Rsa, Formatter } = load('wechatpay-axios-plugin') as AxiosPlugin
const NodeV3Pay = load('wechatpay-node-v3') as (new (options: object) => NodeV3) & { certificates: Record<string, string> }

let wechat: Wechat
let nodeV3: NodeV3
beforeAll(async () => {
  wechat = await aWechat()
  const { settings } = wechat.emulator
  nodeV3 = new NodeV3Pay({
    appid: settings.appid,
    mchid: settings.mchid,
    publicKey: Buffer.from(settings.merchant_cert),
    privateKey: Buffer.from(settings.merchant_key),
    serial_no: settings.merchant_serial,
    key: settings.api_v3_key,
  })
})

const TARGET = '/v3/pay/transactions/jsapi?x=%7C'
const BODY = '{"description":"拿铁 \\"大杯\\"","amount":{"total":1}}'
const TIME = '1795500000'
const NONCE = 'N'.repeat(32)

describe('requests', () => {
  test('we and both of them sign the same bytes', async () => {
    const { merchant_key, merchant_serial } = wechat.emulator.settings
    const ours = await localSigner(merchant_serial, merchant_key).sign(requestMessage('POST', TARGET, TIME, NONCE, BODY))
    expect(Rsa.sign(Formatter.request('POST', TARGET, TIME, NONCE, BODY), merchant_key)).toBe(ours)
    expect(nodeV3.getSignature('POST', NONCE, TIME, TARGET, BODY)).toBe(ours)
    const ourGet = await sign(privateKey(merchant_key), requestMessage('GET', TARGET, TIME, NONCE, ''))
    expect(nodeV3.getSignature('GET', NONCE, TIME, TARGET)).toBe(ourGet)
    expect(Rsa.sign(Formatter.request('GET', TARGET, TIME, NONCE), merchant_key)).toBe(ourGet)
  })

  test('their Authorization is read, and verifies by the certificate', () => {
    const { merchant_cert, mchid } = wechat.emulator.settings
    const theirs = nodeV3.getAuthorization(NONCE, TIME, nodeV3.getSignature('POST', NONCE, TIME, TARGET, BODY))
    const parsed = parseAuthorization(theirs)
    expect(parsed.mchid).toBe(mchid)
    expect(
      verify(
        certificate(merchant_cert).publicKey,
        requestMessage('POST', TARGET, parsed.timestamp, parsed.nonce_str, BODY),
        parsed.signature,
      ),
    ).toBe(true)
    expect(parseAuthorization(formatAuthorization(parsed))).toEqual(parsed)
    expect(Rsa.verify(Formatter.request('POST', TARGET, TIME, NONCE, BODY), parsed.signature, merchant_cert)).toBe(true)
  })
})

describe.each(['public key', 'platform certificate'] as const)('answers signed by the %s', (mode) => {
  const answer = async () => {
    const { settings, keys } = wechat.emulator
    const byKey = mode === 'public key'
    const signer = {
      serial: byKey ? settings.public_key_id : settings.platform_serial,
      key: byKey ? keys.direct.public_key_private : keys.platform.platform_private,
    }
    const signature = await sign(privateKey(signer.key), Buffer.from(Formatter.response(TIME, NONCE, BODY)))
    return { ...signer, signature, trusted: byKey ? settings.public_key : settings.platform_cert }
  }

  test('they believe what our WeChat signs', async () => {
    const { serial, signature, trusted } = await answer()
    expect(Rsa.verify(Formatter.response(TIME, NONCE, BODY), signature, trusted)).toBe(true)
    NodeV3Pay.certificates = { [serial]: trusted }
    expect(await nodeV3.verifySign({ timestamp: TIME, nonce: NONCE, body: BODY, serial, signature })).toBe(true)
    expect(await nodeV3.verifySign({ timestamp: TIME, nonce: NONCE, body: `${BODY} `, serial, signature })).toBe(false)
  })

  test('we believe what they sign as WeChat', async () => {
    const { key, trusted } = await answer()
    const theirs = Rsa.sign(Formatter.response(TIME, NONCE, BODY), key)
    const ours = mode === 'public key' ? publicKey(trusted) : certificate(trusted).publicKey
    expect(verify(ours, Buffer.from(`${TIME}\n${NONCE}\n${BODY}\n`), theirs)).toBe(true)
  })
})

test('payment fields: theirs are believed by our cashier’s check, ours are theirs', async () => {
  const { merchant_key, merchant_cert, appid } = wechat.emulator.settings
  const fields = await requestPayment({ appid, prepay_id: 'wx1', nonceStr: NONCE, now: 1_795_500_000_000 }, (message) =>
    sign(privateKey(merchant_key), message),
  )
  expect(nodeV3.sign(`${appid}\n${fields.timeStamp}\n${NONCE}\nprepay_id=wx1\n`)).toBe(fields.paySign)
  expect(verifyRequestPayment(appid, fields, certificate(merchant_cert).publicKey)).toBe(true)
})

test('sealed resources and sensitive fields, both ways', () => {
  const { api_v3_key, merchant_key, merchant_cert } = wechat.emulator.settings
  const sealed = sealResource(apiV3Key(api_v3_key), 'abcdefghijkl', 'transaction', '{"total":1}')
  expect(nodeV3.decipher_gcm(sealed.ciphertext, 'transaction', sealed.nonce, api_v3_key)).toEqual({ total: 1 })
  expect(openSensitive(privateKey(merchant_key), Rsa.encrypt('张三', merchant_cert))).toBe('张三')
  expect(Rsa.decrypt(sealSensitive(certificate(merchant_cert).publicKey, '张三'), merchant_key)).toBe('张三')
})
