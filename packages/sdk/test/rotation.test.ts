// Keys that change while everything runs: platform certificates rotate, a merchant moves to the public key, a merchant never had a certificate.

import { createEmulator, type Emulator, generateKeys, virtualClock } from '@cashdesk/emulator'
import { apiV3Key, certificate, privateKey, sealResource, signAnswer } from '@cashdesk/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { createWechatPay, type Fetch, type WechatPay } from '../src/index.ts'
import { NOW } from './wechat.ts'

const HOUR = 3_600_000
type Keys = Awaited<ReturnType<typeof generateKeys>>
let first: Keys
let second: Keys
beforeAll(async () => {
  const [one, two] = await Promise.all([generateKeys(NOW), generateKeys(NOW)])
  first = one
  second = { ...one, platform: two.platform }
})

/** WeChat whose platform certificates are these, the last one signing. */
function certificatesOf(all: Keys[], now: () => number): () => Promise<Response> {
  return async () => {
    const key = apiV3Key(first.direct.api_v3_key)
    const data = all.map(({ platform }) => ({
      serial_no: platform.platform_serial,
      encrypt_certificate: sealResource(key, 'abcdefghijkl', 'certificate', platform.platform_cert),
    }))
    const signer = all.at(-1)?.platform
    const body = JSON.stringify({ data })
    const headers = await signAnswer(
      { serial: signer?.platform_serial ?? '', privateKey: privateKey(signer?.platform_private ?? '') },
      body,
      now(),
      'n',
    )
    return new Response(body, { headers })
  }
}

function client(fetch: Fetch, clock: ReturnType<typeof virtualClock>, publicKeys?: Record<string, string>): WechatPay {
  return createWechatPay({
    mchid: '1900000001',
    signer: { serial_no: first.direct.merchant_serial, privateKey: first.direct.merchant_key },
    apiV3Key: first.direct.api_v3_key,
    platformCertificates: 'download',
    publicKeys,
    fetch,
    clock,
    retries: 0,
  })
}

const notification = async (keys: Keys, now: number) => {
  const body = Buffer.from('{}')
  const { platform_serial, platform_private } = keys.platform
  return {
    headers: new Headers(await signAnswer({ serial: platform_serial, privateKey: privateKey(platform_private) }, body, now, 'n')),
    body,
  }
}

/** Whether the signature was believed: an empty body has no shape, which is only looked at after the signature. */
const believed = async (wechatpay: WechatPay, keys: Keys, now: number): Promise<boolean> => {
  const error = await wechatpay.receive(await notification(keys, now)).catch((caught: unknown) => caught)
  return (error as { code?: string }).code === 'ERR_MESSAGE_SHAPE'
}

test('F1: old and new overlap; the new one is fetched when it first appears; at most one download a minute', async () => {
  const clock = virtualClock(NOW + 1000)
  let downloads = 0
  let serve = certificatesOf([first], clock.now)
  const wechatpay = client(async () => {
    downloads++
    return serve()
  }, clock)
  expect(await believed(wechatpay, first, clock.now())).toBe(true)
  serve = certificatesOf([first, second], clock.now)
  expect(await believed(wechatpay, second, clock.now())).toBe(false)
  await clock.advance(61_000)
  expect(await believed(wechatpay, second, clock.now())).toBe(true)
  expect(await believed(wechatpay, first, clock.now())).toBe(true)
  expect(downloads).toBe(2)

  // WeChat no longer lists the old one; what is signed with it may still be on its way.
  serve = certificatesOf([second], clock.now)
  await clock.advance(13 * HOUR)
  expect(await believed(wechatpay, second, clock.now())).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(downloads).toBe(3)
  expect(await believed(wechatpay, first, clock.now())).toBe(true)
})

test('a certificate is believed until its own time is up', async () => {
  const { notAfter } = certificate(first.platform.platform_cert)
  const clock = virtualClock(notAfter - 1000)
  const wechatpay = client(certificatesOf([first], clock.now), clock)
  expect(await believed(wechatpay, first, clock.now())).toBe(true)
  await clock.advance(2000)
  expect(await believed(wechatpay, first, clock.now())).toBe(false)
})

describe('a merchant that only has the public key', () => {
  const nothing: Fetch = async (request) =>
    request.url.endsWith('/v3/certificates')
      ? new Response('{"code":"RESOURCE_NOT_EXISTS","message":"无可用的平台证书"}', { status: 404 })
      : emulator.fetch(request)
  let emulator: Emulator
  const clock = virtualClock(NOW + 1000)
  beforeAll(async () => {
    emulator = await createEmulator({ clock, keys: first })
  })

  test('is understood: with publicKeys everything works, and WeChat is not asked again', async () => {
    let asked = 0
    const wechatpay = client(
      (request) => {
        if (request.url.endsWith('/v3/certificates')) asked++
        return nothing(request)
      },
      clock,
      { [first.direct.public_key_id]: first.direct.public_key },
    )
    await expect(wechatpay.transactions.byOutTradeNo('NEVER-0001')).rejects.toMatchObject({
      refusal: { code: 'ORDER_NOT_EXIST', signed: true },
    })
    for (let i = 0; i < 20; i++) expect(await believed(wechatpay, second, clock.now())).toBe(false)
    expect(asked).toBeLessThanOrEqual(1)
  })

  test('without publicKeys the error says what to do', async () => {
    await expect(client(nothing, clock).transactions.byOutTradeNo('NEVER-0001')).rejects.toThrow('give publicKeys')
  })
})

test('the public key and certificates together, strictly by serial (the grey period)', async () => {
  const clock = virtualClock(NOW + 1000)
  const wechatpay = client(certificatesOf([first], clock.now), clock, { [first.direct.public_key_id]: first.direct.public_key })
  expect(await believed(wechatpay, first, clock.now())).toBe(true)
  const body = Buffer.from('{}')
  const signer = { serial: first.direct.public_key_id, privateKey: privateKey(first.direct.public_key_private) }
  const headers = new Headers(await signAnswer(signer, body, clock.now(), 'n'))
  await expect(wechatpay.receive({ headers, body })).rejects.toMatchObject({ code: 'ERR_MESSAGE_SHAPE' })
  headers.set('Wechatpay-Serial', first.platform.platform_serial)
  await expect(wechatpay.receive({ headers, body })).rejects.toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' })
})
