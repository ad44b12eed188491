// The gate: who gets in, and with which words the others are refused, unsigned (v3-protocol §2, §4 and §12).

import { expect, test } from 'vitest'
import { anOrder, aWorld, JSAPI, SECONDS } from '../../world.ts'

const CERTIFICATES = '/v3/certificates'

test('a correctly signed order is accepted', async () => {
  const world = await aWorld({ keyKind: 'both' })
  const answer = await world.shop.call('POST', JSAPI, anOrder(world))
  expect(answer).toMatchObject({ status: 200, body: { prepay_id: expect.stringMatching(/^wx20261124100000[0-9a-f]{16}0000$/) } })
})

test('the pairs of Authorization may come in any order', async () => {
  const world = await aWorld({ keyKind: 'both' })
  const shuffled = (header: string): string => {
    const [scheme = '', pairs = ''] = header.split(' ')
    return `${scheme} ${pairs.split(',').reverse().join(',')}`
  }
  const fetch = world.emulator.fetch
  world.emulator.fetch = (request) => {
    request.headers.set('Authorization', shuffled(request.headers.get('Authorization') ?? ''))
    return fetch(request)
  }
  expect(await world.shop.call('GET', CERTIFICATES)).toMatchObject({ status: 200 })
})

test('an unknown path is 404 and a wrong method 405, both empty and before anything is verified', async () => {
  const { shop } = await aWorld({ keyKind: 'both' })
  expect(await shop.call('GET', '/v3/unknown', undefined, { headers: { Authorization: null } })).toMatchObject({ status: 404, text: '' })
  expect(await shop.call('DELETE', CERTIFICATES, undefined, { headers: { Authorization: null } })).toMatchObject({ status: 405, text: '' })
})

test.each(['Accept', 'User-Agent'])('certificates want %s before they look at Authorization', async (name) => {
  const { shop } = await aWorld({ keyKind: 'both' })
  const answer = await shop.call('GET', CERTIFICATES, undefined, { headers: { [name]: null, Authorization: null } })
  expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', message: 'Http头缺少Accept或User-Agent' } })
  expect(answer.headers.get('Wechatpay-Signature')).toBeNull()
})

test('orders do not look at Accept and User-Agent', async () => {
  const world = await aWorld({ keyKind: 'both' })
  const answer = await world.shop.call('POST', JSAPI, anOrder(world), { headers: { Accept: null, 'User-Agent': null } })
  expect(answer.status).toBe(200)
})

const FORMAT = 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》'
const SCHEME = 'HTTP头Authorization认证类型不正确'
const ORDER = '签名信息错误，验签失败'

test.each([
  { path: CERTIFICATES, header: null, message: FORMAT },
  { path: CERTIFICATES, header: 'WECHATPAY2-SHA256-RSA2048 mchid="1"', message: FORMAT },
  { path: CERTIFICATES, header: 'Bearer abc', message: SCHEME },
  { path: `${JSAPI}`, header: null, message: ORDER },
  { path: `${JSAPI}`, header: 'Bearer abc', message: ORDER },
])('$path with Authorization $header: 401 SIGN_ERROR $message', async ({ path, header, message }) => {
  const world = await aWorld({ keyKind: 'both' })
  const isOrder = path === JSAPI
  const answer = await world.shop.call(isOrder ? 'POST' : 'GET', path, isOrder ? anOrder(world) : undefined, {
    headers: { Authorization: header },
  })
  expect(answer).toMatchObject({ status: 401, body: { code: 'SIGN_ERROR', message } })
  expect(answer.headers.get('Wechatpay-Signature')).toBeNull()
  expect(answer.headers.has('Request-ID')).toBe(!isOrder)
})

test.each([301, -301])('a timestamp %i seconds away is refused before the signature is looked at', async (seconds) => {
  const { shop, clock } = await aWorld({ keyKind: 'both' })
  const timestamp = String(Math.floor(clock.now() / 1000) + seconds)
  const answer = await shop.call('GET', CERTIFICATES, undefined, { authorization: { timestamp }, message: 'another' })
  const message = 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟'
  expect(answer).toMatchObject({
    status: 401,
    body: { code: 'SIGN_ERROR', message },
    why: expect.stringMatching(/^timestamp_window: /),
  })
})

test.each([300, -300])('a timestamp %i seconds away is accepted', async (seconds) => {
  const { shop, clock } = await aWorld({ keyKind: 'both' })
  const timestamp = String(Math.floor(clock.now() / 1000) + seconds)
  expect(await shop.call('GET', CERTIFICATES, undefined, { authorization: { timestamp } })).toMatchObject({ status: 200 })
})

test('milliseconds as timestamp are refused as malformed', async () => {
  const { shop, clock } = await aWorld({ keyKind: 'both' })
  const answer = await shop.call('GET', CERTIFICATES, undefined, { authorization: { timestamp: String(clock.now()) } })
  expect(answer).toMatchObject({
    status: 401,
    body: { code: 'SIGN_ERROR', message: FORMAT },
    why: expect.stringMatching(/^timestamp_invalid: /),
  })
})

const SERIAL = '商户证书序列号有误。请使用签名私钥匹配的证书序列号'

test('a serial that is not the merchant certificate’s is refused, and said whose it is', async () => {
  const { shop, emulator } = await aWorld({ keyKind: 'both' })
  const { settings } = emulator
  const causeWith = async (authorization: Record<string, string>): Promise<unknown> => {
    const answer = await shop.call('GET', CERTIFICATES, undefined, { authorization })
    expect(answer).toMatchObject({ status: 401, body: { code: 'SIGN_ERROR', message: SERIAL } })
    return answer.why?.split(':')[0]
  }
  expect(await causeWith({ serial_no: 'ABCDEF' })).toBe('serial_unknown')
  expect(await causeWith({ serial_no: settings.sp.merchant_serial })).toBe('other_merchant_serial')
  expect(await causeWith({ serial_no: settings.platform_serial })).toBe('platform_serial_used')
  expect(await causeWith({ serial_no: settings.public_key_id })).toBe('platform_serial_used')
  expect(await causeWith({ mchid: '1999999999' })).toBe('mchid_unknown')
})

test('a wrong signature is refused unsigned, with the message it was checked against', async () => {
  const world = await aWorld({ keyKind: 'both' })
  const { shop, emulator } = world
  const body = anOrder(world)
  const answer = await shop.call('POST', JSAPI, body, { message: 'something else' })
  const seconds = Math.floor(world.clock.now() / SECONDS)
  const canonical = `POST\n${JSAPI}\n${seconds}\nnonce1\n${JSON.stringify(body)}\n`
  expect(answer).toMatchObject({
    status: 401,
    body: {
      code: 'SIGN_ERROR',
      message: '签名错误',
      detail: {
        field: 'signature',
        detail: { issue: 'sign not match' },
        location: 'authorization',
        sign_information: {
          method: 'POST',
          url: JSAPI,
          truncated_sign_message: `POST\n${JSAPI}\n${seconds}\nnonce1\n{"descri\n`,
          sign_message_length: Buffer.byteLength(canonical),
        },
      },
    },
    why: expect.stringMatching(/^message_differs: /),
  })
  expect(answer.headers.get('Wechatpay-Signature')).toBeNull()
  expect(emulator.requests()[0]).toMatchObject({ verdict: 'refused', status: 401, canonical, explanation: { cause: 'message_differs' } })
  expect(emulator.requests()[0]?.canonical).toBe(canonical)
})

test('the signature covers the raw query string, in the order sent', async () => {
  const world = await aWorld({ keyKind: 'both' })
  await world.shop.call('POST', JSAPI, anOrder(world, { out_trade_no: 'a|b*c-0001' }))
  const { mchid } = world.emulator.settings
  const target = `/v3/pay/transactions/out-trade-no/${encodeURIComponent('a|b*c-0001')}?mchid=${mchid}`
  expect(await world.shop.call('GET', target)).toMatchObject({ status: 200, body: { out_trade_no: 'a|b*c-0001' } })
})

test('a body over the limit is refused with nothing', async () => {
  const { shop } = await aWorld({ keyKind: 'both' })
  expect(await shop.call('POST', JSAPI, 'x'.repeat(1024 * 1024 + 1))).toMatchObject({ status: 413, text: '' })
})
