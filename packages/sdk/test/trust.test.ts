// What the SDK believes, and how it says that it does not.

import { describe, expect, test } from 'vitest'
import { type ApiError, isRefused, SignatureError, UntrustedAnswerError } from '../src/index.ts'
import { aWechat } from './wechat.ts'

describe('D2, D3, D4: an answer that is not verified is not an answer', () => {
  test.each([
    ['answer.unsigned', 'ERR_SIGNATURE_HEADERS'],
    ['answer.bad_signature', 'ERR_SIGNATURE_MISMATCH'],
    ['answer.stale', 'ERR_TIMESTAMP_WINDOW'],
    ['answer.future', 'ERR_TIMESTAMP_WINDOW'],
    ['answer.wrong_serial', 'ERR_SERIAL_UNKNOWN'],
    ['answer.probe', 'ERR_SIGNATURE_PROBE'],
  ] as const)('%s → %s', async (fault, code) => {
    const wechat = await aWechat()
    wechat.emulator.faults.add({ fault })
    const error: unknown = await wechat
      .client()
      .transactions.jsapi(wechat.order())
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(UntrustedAnswerError)
    expect(error).toMatchObject({ outcome: 'unknown', cause: { code } })
    expect(JSON.stringify(error)).not.toContain('prepay')
    // D10: one POST, not one to each host.
    expect(wechat.seen).toEqual(['POST /v3/pay/transactions/jsapi'])
  })

  test.each(['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial'])('without %s', async (header) => {
    const wechat = await aWechat()
    wechat.emulator.faults.add({ fault: 'answer.unsigned', header })
    await expect(wechat.client().transactions.jsapi(wechat.order())).rejects.toMatchObject({ cause: { code: 'ERR_SIGNATURE_HEADERS' } })
  })

  test('an unsigned "no such order" is not taken for the state of the order', async () => {
    const wechat = await aWechat()
    wechat.emulator.faults.add({ fault: 'answer.unsigned' })
    const unsigned: unknown = await wechat
      .client()
      .transactions.byOutTradeNo('NEVER-0001')
      .catch((error: unknown) => error)
    expect(unsigned).toMatchObject({ outcome: 'unknown', refusal: { signed: false } })
    expect((unsigned as ApiError).refusal).not.toHaveProperty('signature_fault')
    wechat.emulator.faults.add({ fault: 'answer.bad_signature' })
    await expect(wechat.client().transactions.byOutTradeNo('NEVER-0001')).rejects.toMatchObject({
      outcome: 'unknown',
      refusal: { signed: false, signature_fault: 'ERR_SIGNATURE_MISMATCH' },
    })
  })

  test('a changed byte of the body', async () => {
    const wechat = await aWechat(async (request, next) => {
      const answer = await next(request)
      return new Response((await answer.text()).replace('"prepay_id":"wx', '"prepay_id":"wy'), answer)
    })
    await expect(wechat.client().transactions.jsapi(wechat.order())).rejects.toMatchObject({ cause: { code: 'ERR_SIGNATURE_MISMATCH' } })
  })
})

test('D12: a good signature under another serial is refused', async () => {
  const wechat = await aWechat()
  const { settings } = wechat.emulator
  const wrong = { [`${settings.public_key_id.slice(0, -1)}X`]: settings.public_key }
  await expect(wechat.client({ publicKeys: wrong }).transactions.jsapi(wechat.order())).rejects.toMatchObject({
    outcome: expect.any(String),
  })
})

test('D14: a key of one merchant never verifies for another', async () => {
  const wechat = await aWechat()
  const { sp } = wechat.emulator.settings
  const stranger = wechat.client({ publicKeys: { [sp.public_key_id]: sp.public_key }, platformCertificates: undefined })
  await expect(stranger.transactions.jsapi(wechat.order())).rejects.toThrow()
})

describe('platform certificates', () => {
  const download = { publicKeys: undefined, platformCertificates: 'download' } as const

  test('D9, D31: the first download is opened with the APIv3 key and proven by its own signature; it is done once', async () => {
    const wechat = await aWechat()
    const client = wechat.client(download)
    await Promise.all(Array.from({ length: 5 }, () => client.transactions.jsapi(wechat.order())))
    expect(wechat.seen.filter((line) => line === 'GET /v3/certificates')).toHaveLength(1)
  })

  test.each(['answer.unsigned', 'answer.bad_signature', 'answer.stale', 'answer.wrong_serial'] as const)(
    'a download with %s is not believed, and no order goes out',
    async (fault) => {
      const wechat = await aWechat()
      wechat.emulator.faults.add({ fault, match: { path: '/v3/certificates' } })
      const client = wechat.client(download)
      const error: unknown = await client.transactions.jsapi(wechat.order()).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: 'ERR_NO_TRUSTED_KEY', outcome: 'refused' })
      expect((error as Error).cause).toBeInstanceOf(UntrustedAnswerError)
      expect(isRefused(error)).toBe(true)
      expect(wechat.seen).toEqual(['GET /v3/certificates'])
      await wechat.clock.advance(2000)
      await expect(client.transactions.jsapi(wechat.order())).resolves.toHaveProperty('prepay_id')
    },
  )

  test('another APIv3 key opens nothing', async () => {
    const wechat = await aWechat()
    await expect(wechat.client({ ...download, apiV3Key: '0'.repeat(32) }).transactions.jsapi(wechat.order())).rejects.toMatchObject({
      cause: { cause: { code: 'ERR_DECRYPT' } },
    })
  })

  test('several APIv3 keys are tried while one is being changed', async () => {
    const wechat = await aWechat()
    const apiV3Key = ['0'.repeat(32), wechat.emulator.settings.api_v3_key]
    await expect(wechat.client({ ...download, apiV3Key }).transactions.jsapi(wechat.order())).resolves.toHaveProperty('prepay_id')
  })

  test('D13: 1,000 forged serials cause at most one download', async () => {
    const wechat = await aWechat()
    const client = wechat.client(download)
    await client.transactions.jsapi(wechat.order())
    await wechat.clock.advance(61_000)
    wechat.seen.length = 0
    const forged = Array.from({ length: 1000 }, (_, i) => {
      const headers = new Headers({
        'Wechatpay-Timestamp': String(wechat.clock.now() / 1000),
        'Wechatpay-Nonce': 'n',
        'Wechatpay-Signature': 'c2ln',
        'Wechatpay-Serial': `FORGED${i}`,
      })
      return client.receive({ headers, body: Buffer.from('{}') })
    })
    const results = await Promise.allSettled(forged)
    expect(results.every((result) => result.status === 'rejected' && result.reason instanceof SignatureError)).toBe(true)
    expect(wechat.seen.length).toBeLessThanOrEqual(1)
  })

  test('while WeChat cannot be asked, what is known goes on working', async () => {
    let away = false
    const wechat = await aWechat((request, next) =>
      away && request.url.includes('/certificates') ? Promise.reject(new Error('away')) : next(request),
    )
    const client = wechat.client(download)
    await client.transactions.jsapi(wechat.order())
    away = true
    await wechat.clock.advance(13 * 3_600_000)
    await expect(client.transactions.jsapi(wechat.order())).resolves.toHaveProperty('prepay_id')
  })

  test('given as PEM they need no download', async () => {
    const wechat = await aWechat()
    const client = wechat.client({ publicKeys: undefined, platformCertificates: [wechat.emulator.settings.platform_cert] })
    await expect(client.transactions.jsapi(wechat.order())).resolves.toHaveProperty('prepay_id')
    expect(wechat.seen).toEqual(['POST /v3/pay/transactions/jsapi'])
  })
})

test('without any key nothing could be verified, so there is no client', async () => {
  const wechat = await aWechat()
  expect(() => wechat.client({ publicKeys: undefined })).toThrow('without them no answer can be verified')
})
