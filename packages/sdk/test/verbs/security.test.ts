// security.echo: what it proves, and what it finds wrong.

import { createEmulator, generateKeys, virtualClock } from '@cashdesk/emulator'
import { expect, test } from 'vitest'
import { createWechatPay } from '../../src/index.ts'
import { aWechat, NOW } from '../wechat.ts'

test.each(['client', 'partner'] as const)('%s: the text comes back, also from under both seals', async (who) => {
  const wechat = await aWechat()
  expect(await wechat[who]().security.echo({ echo_message: '你好' })).toEqual({
    echo_message: '你好',
    encrypted_echo_message: expect.any(String),
    opened_echo_message: '你好',
  })
})

test('with a notify_url WeChat sends a notification, and receive gives it as security-echo', async () => {
  const clock = virtualClock(NOW)
  const received: Request[] = []
  const emulator = await createEmulator({
    clock,
    keys: await generateKeys(NOW),
    fetch: async (request) => {
      received.push(request)
      return new Response(null, { status: 204 })
    },
  })
  const { settings } = emulator
  const client = createWechatPay({
    clock,
    fetch: emulator.fetch,
    baseURL: 'https://wechat.test',
    mchid: settings.mchid,
    signer: { serial_no: settings.merchant_serial, privateKey: settings.merchant_key },
    apiV3Key: settings.api_v3_key,
    publicKeys: { [settings.public_key_id]: settings.public_key },
  })
  await client.security.echo({ echo_message: 'reachable?', notify_url: 'https://pay.example.com/notify' })
  await emulator.deliverDue()
  const [request] = received
  if (!request) throw new Error('no notification came')
  const notification = await client.receive({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) })
  expect(notification).toMatchObject({ kind: 'security-echo', echo: { echo_message: 'reachable?' } })
})

test('a signer that cannot open sealed fields: the rest is proven all the same', async () => {
  const wechat = await aWechat()
  const { settings } = wechat.emulator
  const { localSigner } = await import('../../src/index.ts')
  const own = localSigner(settings.merchant_serial, settings.merchant_key)
  const signer = { serial_no: own.serial_no, sign: (message: Uint8Array) => own.sign(message) }
  const answer = await wechat.client({ signer }).security.echo({ echo_message: 'a' })
  expect(answer.opened_echo_message).toBeUndefined()
  expect(answer.echo_message).toBe('a')
})

test('the key of another merchant is refused with SIGN_ERROR', async () => {
  const wechat = await aWechat()
  const { settings } = wechat.emulator
  const signer = { serial_no: settings.merchant_serial, privateKey: settings.sp.merchant_key }
  await expect(wechat.client({ signer }).security.echo({ echo_message: 'a' })).rejects.toMatchObject({ refusal: { code: 'SIGN_ERROR' } })
})
