// Classes of defects seen in published clients, each as a negative test. (The others stand with what they are about; test/house/defects.test.ts counts them.)

import { privateKey, signAnswer } from '@cashdesk/protocol'
import { describe, expect, test } from 'vitest'
import { createWechatPay, localSigner, type RawNotification, SignatureError } from '../src/index.ts'
import { aWechat } from './wechat.ts'

test('D5: an unsigned answer is not believed for being text/plain', async () => {
  for (const type of ['text/plain', 'text/html', 'application/octet-stream', '']) {
    const wechat = await aWechat(async () => new Response('{"prepay_id":"wx1"}', { headers: { 'content-type': type } }))
    await expect(wechat.client().transactions.jsapi(wechat.order())).rejects.toMatchObject({
      code: 'ERR_ANSWER_UNTRUSTED',
      outcome: 'unknown',
    })
  }
})

test('D11: there is no way to call without verification: no headers, no body, empty ones', async () => {
  const wechat = await aWechat()
  const client = wechat.client()
  const body = Buffer.from('{}')
  const shapes: unknown[] = [
    { headers: new Headers(), body },
    { headers: { get: () => null }, body },
    { headers: { get: () => '' }, body },
    { headers: { get: () => undefined }, body: new Uint8Array() },
  ]
  for (const shape of shapes) await expect(client.receive(shape as RawNotification)).rejects.toBeInstanceOf(SignatureError)
  for (const shape of [{ headers: null, body }, { body }, {}, undefined])
    await expect(client.receive(shape as RawNotification)).rejects.toThrow()
})

test('D18: nonces have 32 characters and never repeat', async () => {
  const nonces = new Set<string>()
  const wechat = await aWechat(async (request) => {
    nonces.add(/nonce_str="([^"]*)"/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '')
    return new Response('{}')
  })
  const client = wechat.client({ signer: { serial_no: 'ABCDEF12', sign: async () => 'c2ln' }, validate: false })
  const order = wechat.order()
  await Promise.allSettled(Array.from({ length: 2000 }, () => client.transactions.jsapi(order)))
  expect(nonces.size).toBe(2000)
  for (const nonce of nonces) expect(nonce).toMatch(/^[0-9A-F]{32}$/)
})

test('D19: a thousand signatures leave the event loop free', async () => {
  const wechat = await aWechat()
  const { merchant_serial, merchant_key } = wechat.emulator.settings
  const signer = localSigner(merchant_serial, merchant_key)
  const message = Buffer.alloc(500, 'x')
  // Turns of the event loop are counted, not milliseconds, because a slow host would need more of those. Signing on the loop leaves it one turn for all.
  let [turns, signing] = [0, true]
  const turn = (): void => {
    turns++
    if (signing) setImmediate(turn)
  }
  setImmediate(turn)
  await Promise.all(Array.from({ length: 1000 }, () => signer.sign(message)))
  signing = false
  expect(turns).toBeGreaterThan(50)
})

test('D22: making a client asks nobody, and nothing fails behind its back', async () => {
  const failures: unknown[] = []
  const hear = (reason: unknown) => void failures.push(reason)
  process.on('unhandledRejection', hear)
  let asked = 0
  const { settings } = (await aWechat()).emulator
  createWechatPay({
    mchid: settings.mchid,
    signer: { serial_no: settings.merchant_serial, privateKey: settings.merchant_key },
    apiV3Key: settings.api_v3_key,
    platformCertificates: 'download',
    fetch: () => {
      asked++
      return Promise.reject(new Error('no network'))
    },
  })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', hear)
  expect({ asked, failures }).toEqual({ asked: 0, failures: [] })
})

describe('D24: nothing in the surroundings turns verification off', () => {
  test.each(['development', 'test', 'production'])('NODE_ENV=%s', async (environment) => {
    const before = process.env['NODE_ENV']
    process.env['NODE_ENV'] = environment
    try {
      const wechat = await aWechat()
      const headers = new Headers({ host: 'localhost', 'x-forwarded-for': '127.0.0.1', origin: 'http://localhost' })
      await expect(wechat.client().receive({ headers, body: Buffer.from('{}') })).rejects.toMatchObject({ code: 'ERR_SIGNATURE_HEADERS' })
    } finally {
      process.env['NODE_ENV'] = before
    }
  })
})

describe('D29: serials are compared whole, whatever their case', () => {
  const receiveWith = async (trusted: string, told: string) => {
    const wechat = await aWechat()
    const { direct } = wechat.emulator.keys
    const client = wechat.client({ publicKeys: { [trusted]: direct.public_key } })
    const body = Buffer.from('{}')
    const headers = new Headers(
      await signAnswer({ serial: told, privateKey: privateKey(direct.public_key_private) }, body, wechat.clock.now(), 'n'),
    )
    return client.receive({ headers, body }).catch((error: { code: string }) => error.code)
  }
  test.each([
    ['PUB_KEY_ID_0114', 'PUB_KEY_ID_0114', 'ERR_MESSAGE_SHAPE'],
    ['PUB_KEY_ID_01AB', 'pub_key_id_01ab', 'ERR_MESSAGE_SHAPE'],
    ['PUB_KEY_ID_0114', 'PUB_KEY_ID_114', 'ERR_SERIAL_UNKNOWN'],
    ['PUB_KEY_ID_0114', 'PUB_KEY_ID_00114', 'ERR_SERIAL_UNKNOWN'],
    ['PUB_KEY_ID_0114', 'PUB_KEY_ID_011', 'ERR_SERIAL_UNKNOWN'],
  ])('%s against %s: %s', async (trusted, told, code) => {
    // ERR_MESSAGE_SHAPE comes after the signature was believed: an empty notification has no shape.
    expect(await receiveWith(trusted, told)).toBe(code)
  })

  test('a merchant serial keeps its leading zero on the wire', async () => {
    let sent = ''
    const wechat = await aWechat(async (request) => {
      sent = request.headers.get('authorization') ?? ''
      return new Response('{}')
    })
    const signer = { serial_no: '0a1b2c3d', privateKey: wechat.emulator.settings.merchant_key }
    await wechat
      .client({ signer })
      .transactions.jsapi(wechat.order())
      .catch(() => {})
    expect(sent).toContain('serial_no="0A1B2C3D"')
  })
})
