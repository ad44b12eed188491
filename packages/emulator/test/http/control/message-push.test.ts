// Message push: the address proves itself, messages are signed and sealed, and sent again three times (miniprogram-server-api §10).

import { createMessagePush } from '@cashdesk/sdk'
import { expect, test } from 'vitest'
import { aWorld, control, type World } from '../../world.ts'

const TOKEN = 'CashdeskPush1'
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'

function settingsOf({ emulator }: World, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { appid: emulator.settings.appid, url: 'https://shop.test/push', token: TOKEN, ...more }
}

function echo(world: World): void {
  world.endpoint.answer = () => new Response(new URL(world.endpoint.received.at(-1)?.url ?? '').searchParams.get('echostr') ?? 'success')
}

function opened(world: World, encodingAESKey?: string) {
  const push = createMessagePush({ appid: world.emulator.settings.appid, token: TOKEN, encodingAESKey, clock: world.clock })
  const newest = world.endpoint.received.at(-1)
  return push.receive({ query: new URL(newest?.url ?? '').searchParams, body: newest?.body ?? new Uint8Array() })
}

test.each([
  ['json', undefined],
  ['json', AES_KEY],
  ['xml', undefined],
  ['xml', AES_KEY],
])('%s with key %s', async (format, encoding_aes_key) => {
  const world = await aWorld()
  echo(world)
  expect((await control(world, 'POST', '/message-push', settingsOf(world, { format, encoding_aes_key }))).status).toBe(200)
  const message = { Event: 'trade_manage_remind_access_api', msg: '请尽快接入 <发货>' }
  await control(world, 'POST', '/message-push/send', { appid: world.emulator.settings.appid, message })
  await world.emulator.deliverDue()
  expect(opened(world, encoding_aes_key)).toMatchObject({
    kind: 'remind_access_api',
    message: { ...message, FromUserName: world.emulator.settings.users[0]?.openid, ToUserName: expect.stringMatching(/^gh_/) },
  })
  // The URL check, then the message.
  expect(world.endpoint.received).toHaveLength(2)
  expect(world.emulator.notifications()).toMatchObject([{ state: 'delivered', original_type: 'push' }])
})

test.each([
  ['gives something else back', () => new Response('hello')],
  ['answers with an error', () => new Response('1', { status: 500 })],
])('an address that %s is not taken', async (_, answer) => {
  const world = await aWorld()
  world.endpoint.answer = answer
  expect(await control(world, 'POST', '/message-push', settingsOf(world))).toMatchObject({
    status: 400,
    body: { code: 'URL_CHECK_FAILED' },
  })
  const message = { Event: 'x' }
  const send = await control(world, 'POST', '/message-push/send', { appid: world.emulator.settings.appid, message })
  expect(send.body).toMatchObject({ code: 'PUSH_NOT_SET' })
})

test.each([
  [{ token: 'ab' }, 'token'],
  [{ url: 'shop' }, 'url'],
  [{ format: 'yaml' }, 'format'],
  [{ encoding_aes_key: 'short' }, 'encoding_aes_key'],
])('%j is refused', async (change, field) => {
  const world = await aWorld()
  expect((await control(world, 'POST', '/message-push', settingsOf(world, change))).body).toMatchObject({
    code: 'INPUT_INVALID',
    en: expect.stringContaining(`${field}:`),
  })
})

test.each([[{ List: [1] }], [{ Content: '\u0001' }], [{ 'no name': 'x' }]])('XML does not carry %j', async (message) => {
  const world = await aWorld()
  echo(world)
  await control(world, 'POST', '/message-push', settingsOf(world, { format: 'xml' }))
  const answer = await control(world, 'POST', '/message-push/send', { appid: world.emulator.settings.appid, message })
  expect(answer.body).toMatchObject({ code: 'INPUT_INVALID' })
})

test('who does not answer is asked three times more, then no more', async () => {
  const world = await aWorld()
  echo(world)
  await control(world, 'POST', '/message-push', settingsOf(world))
  world.endpoint.answer = () => new Response(null, { status: 500 })
  await control(world, 'POST', '/message-push/send', { appid: world.emulator.settings.appid, message: { Event: 'x' } })
  await world.emulator.deliverDue()
  expect(world.emulator.notifications()).toMatchObject([{ state: 'exhausted', deliveries: [{}, {}, {}, {}] }])
})

test('a forged push has a signature that does not hold; the real one follows', async () => {
  const world = await aWorld()
  echo(world)
  await control(world, 'POST', '/message-push', settingsOf(world, { encoding_aes_key: AES_KEY }))
  world.emulator.faults.add({ fault: 'notification.forged' })
  await control(world, 'POST', '/message-push/send', { appid: world.emulator.settings.appid, message: { Event: 'x' } })
  await world.emulator.deliverDue()
  const forged = world.endpoint.received.at(1)
  const push = createMessagePush({ appid: world.emulator.settings.appid, token: TOKEN, encodingAESKey: AES_KEY, clock: world.clock })
  const query = new URL(forged?.url ?? '').searchParams
  expect(() => push.receive({ query, body: forged?.body ?? new Uint8Array() })).toThrow(
    expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
  )
  expect(opened(world, AES_KEY)).toMatchObject({ kind: 'other' })
})
