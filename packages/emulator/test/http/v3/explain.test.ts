// A refused signature is explained: each common mistake with the signed message is named (v3-protocol §2).

import { constants, createPrivateKey, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { anOrder, aWorld, JSAPI, type World } from '../../world.ts'

const NONCE = 'n'

/** Sends an order whose signature was made over `wrong(right message parts)`, and gives the cause found. */
async function causeOf(
  world: World,
  body: string | undefined,
  wrong: (parts: { target: string; timestamp: string; body: string }) => string,
): Promise<unknown> {
  const target = body === undefined ? `/v3/pay/transactions/out-trade-no/a%7Cb-0001?mchid=${world.emulator.settings.mchid}` : JSAPI
  const timestamp = String(Math.floor(world.clock.now() / 1000))
  const message = wrong({ target, timestamp, body: body ?? '' })
  const answer = await world.shop.call(body === undefined ? 'GET' : 'POST', target, body, {
    message,
    authorization: { nonce_str: NONCE, timestamp },
  })
  expect(answer).toMatchObject({ status: 401, body: { code: 'SIGN_ERROR', message: '签名错误' } })
  const explanation = world.emulator.requests()[0]?.explanation
  expect(explanation?.en).toBeTruthy()
  expect(explanation?.zh).toBeTruthy()
  return explanation?.cause
}

test.each<[string, (parts: { target: string; timestamp: string; body: string }) => string]>([
  ['body_reserialised', ({ target, timestamp, body }) => `POST\n${target}\n${timestamp}\n${NONCE}\n${JSON.stringify(JSON.parse(body))}\n`],
  ['body_missing', ({ target, timestamp }) => `POST\n${target}\n${timestamp}\n${NONCE}\n\n`],
  ['last_lf_missing', ({ target, timestamp, body }) => `POST\n${target}\n${timestamp}\n${NONCE}\n${body}`],
  ['method_case', ({ target, timestamp, body }) => `post\n${target}\n${timestamp}\n${NONCE}\n${body}\n`],
  ['method_other', ({ target, timestamp, body }) => `GET\n${target}\n${timestamp}\n${NONCE}\n${body}\n`],
  ['url_with_host', ({ target, timestamp, body }) => `POST\nhttps://api.mch.weixin.qq.com${target}\n${timestamp}\n${NONCE}\n${body}\n`],
  ['crlf', ({ target, timestamp, body }) => `POST\r\n${target}\r\n${timestamp}\r\n${NONCE}\r\n${body}\r\n`],
  ['order', ({ target, timestamp, body }) => `POST\n${target}\n${NONCE}\n${timestamp}\n${body}\n`],
])('in an order: %s', async (cause, wrong) => {
  const world = await aWorld()
  expect(await causeOf(world, JSON.stringify(anOrder(world), null, 1), wrong)).toBe(cause)
})

test.each<[string, (parts: { target: string; timestamp: string }) => string]>([
  ['url_decoded', ({ target, timestamp }) => `GET\n${decodeURIComponent(target)}\n${timestamp}\n${NONCE}\n\n`],
  ['url_without_query', ({ target, timestamp }) => `GET\n${target.split('?')[0]}\n${timestamp}\n${NONCE}\n\n`],
  ['body_line_missing', ({ target, timestamp }) => `GET\n${target}\n${timestamp}\n${NONCE}\n`],
  ['body_not_empty', ({ target, timestamp }) => `GET\n${target}\n${timestamp}\n${NONCE}\n{}\n`],
])('in a query: %s', async (cause, wrong) => {
  expect(await causeOf(await aWorld(), undefined, wrong)).toBe(cause)
})

async function causeWithSignature(world: World, make: (message: string) => string): Promise<unknown> {
  const timestamp = String(Math.floor(world.clock.now() / 1000))
  const signature = make(`GET\n/v3/certificates\n${timestamp}\n${NONCE}\n\n`)
  await world.shop.call('GET', '/v3/certificates', undefined, { authorization: { signature, nonce_str: NONCE, timestamp } })
  return world.emulator.requests()[0]?.explanation?.cause
}

test('another merchant’s key, another key, another algorithm are told apart', async () => {
  const world = await aWorld()
  const { settings, keys } = world.emulator
  const by =
    (pem: string, hash = 'RSA-SHA256') =>
    (message: string) =>
      sign(hash, Buffer.from(message), createPrivateKey(pem)).toString('base64')
  expect(await causeWithSignature(world, by(settings.sp.merchant_key))).toBe('other_merchant_key')
  expect(await causeWithSignature(world, by(keys.platform.platform_private))).toBe('key_differs')
  expect(await causeWithSignature(world, by(settings.merchant_key, 'RSA-SHA1'))).toBe('hash')
  const pss = (message: string): string =>
    sign('RSA-SHA256', Buffer.from(message), { key: settings.merchant_key, padding: constants.RSA_PKCS1_PSS_PADDING }).toString('base64')
  expect(await causeWithSignature(world, pss)).toBe('padding_pss')
  expect(await causeWithSignature(world, () => 'not base64!')).toBe('signature_not_base64')
})
