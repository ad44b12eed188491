// The mini program's server API with our SDK: login, session keys, phone number, payment, unionid, shipping, messages, pushes (miniprogram-server-api §6, §8.1, §8.7).

import { createMessagePush, createMiniProgram, type MiniProgram, type PushEvent } from '@cashdesk/sdk'
import { expect, test } from 'vitest'
import { aWorld, control, HOURS, pay, SECONDS, type World } from '../world.ts'

const TOKEN = 'CashdeskPush1'
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'

function aProgram({ emulator, clock }: World): MiniProgram {
  const { appid, app_secret, base_url } = emulator.settings
  return createMiniProgram({ appid, app_secret, baseURL: base_url, fetch: (request) => emulator.fetch(request), clock })
}

function anOpenid({ emulator }: World): string {
  return emulator.settings.users[0]?.openid ?? ''
}

async function paid(world: World): Promise<string> {
  await pay(world)
  const entry = world.emulator.truth().ledger.at(-1)
  return entry?.kind === 'payment' ? entry.transaction_id : ''
}

/** The backend's side of message push. */
function receiver(world: World, encodingAESKey?: string): PushEvent[] {
  const push = createMessagePush({ appid: world.emulator.settings.appid, token: TOKEN, encodingAESKey, clock: world.clock })
  const events: PushEvent[] = []
  world.endpoint.answer = () => {
    const newest = world.endpoint.received.at(-1)
    const query = new URL(newest?.url ?? '').searchParams
    if (query.has('echostr')) return new Response(push.verifyUrl(query))
    if (!query.has('signature')) return new Response(null, { status: 204 })
    events.push(push.receive({ query, body: newest?.body ?? new Uint8Array() }))
    return new Response(push.reply())
  }
  return events
}

test('login, session key, phone number, encrypted data', async () => {
  const world = await aWorld()
  const program = aProgram(world)
  const { appid } = world.emulator.settings
  const openid = anOpenid(world)
  const session = await program.code2Session(world.emulator.login({ appid, openid }).code)
  expect(session.openid).toBe(openid)
  expect(await program.checkSessionKey(session)).toBe(true)
  const renewed = await program.resetUserSessionKey(session)
  expect(await program.checkSessionKey(session)).toBe(false)
  expect(await program.checkSessionKey(renewed)).toBe(true)

  const { code } = (await control(world, 'POST', '/phone-code', { appid })).body
  expect(await program.phoneNumber({ code: String(code), openid })).toMatchObject({
    purePhoneNumber: expect.stringMatching(/^1\d{10}$/),
    watermark: { appid },
  })
  await expect(program.phoneNumber({ code: String(code) })).rejects.toMatchObject({ errcode: 40029 })

  const given = (await control(world, 'POST', '/user-data', { appid, data: { openGId: 'g1' } })).body as Record<
    'rawData' | 'signature' | 'encryptedData' | 'iv',
    string
  >
  expect(program.openRawData({ session_key: renewed.session_key, ...given })).toEqual({ openGId: 'g1' })
  expect(program.openUserData({ session_key: renewed.session_key, ...given })).toMatchObject({ openGId: 'g1', watermark: { appid } })
})

test('payment, unionid of the payer, shipping, reminder, receipt, settlement, each pushed', async () => {
  const world = await aWorld({ behaviour: { open_platform: true } })
  const events = receiver(world, AES_KEY)
  const { appid } = world.emulator.settings
  const settings = { appid, url: 'https://shop.test/push?from=wechat', token: TOKEN, encoding_aes_key: AES_KEY }
  expect((await control(world, 'POST', '/message-push', settings)).status).toBe(200)
  const program = aProgram(world)
  const openid = anOpenid(world)
  const transaction_id = await paid(world)

  const unionid = await program.paidUnionid({ openid, transaction_id })
  expect((await program.code2Session(world.emulator.login({ appid, openid }).code)).unionid).toBe(unionid)
  expect(await program.shipping.isTradeManaged()).toBe(true)
  expect(await program.shipping.getOrder({ transaction_id })).toMatchObject({ order_state: 1, paid_amount: 100, openid })
  const order_key = { order_number_type: 2, transaction_id } as const
  const shipping_list = [{ tracking_no: '323244567777', express_company: 'YTO', item_desc: '咖啡豆' }]
  const upload = { order_key, logistics_type: 1, delivery_mode: 1, shipping_list, payer: { openid } } as const
  await program.shipping.upload(upload)
  await world.clock.advance(SECONDS)
  expect(events).toMatchObject([
    { kind: 'order_settlement', message: { transaction_id, shipped_time: 1795485600, estimated_settlement_time: 1795485600 + 864_000 } },
  ])
  await expect(program.shipping.upload(upload)).rejects.toMatchObject({ errcode: 10060023, outcome: 'refused' })
  expect(await program.shipping.getOrder({ transaction_id })).toMatchObject({ order_state: 2, shipping: { finish_shipping_count: 1 } })

  const reminder = { transaction_id, received_time: Math.floor(world.clock.now() / 1000) }
  await program.shipping.remindToConfirm(reminder)
  await expect(program.shipping.remindToConfirm(reminder)).rejects.toMatchObject({ errcode: 10060030 })
  await control(world, 'POST', '/shipping/confirm', { transaction_id })
  await world.clock.advance(SECONDS)
  expect(events.at(-1)).toMatchObject({ message: { confirm_receive_method: 1, settlement_time: 1795485601 } })
  expect((await program.shipping.listOrders({ order_state: 4 })).order_list).toMatchObject([{ transaction_id, order_state: 4 }])
  await program.shipping.setMessageJumpPath('pages/order/detail')
  expect((await control(world, 'GET', '/shipping')).body).toMatchObject({ jump_paths: { [appid]: 'pages/order/detail' } })
})

test('nobody confirms: ten days later the order settles by itself', async () => {
  const world = await aWorld()
  const events = receiver(world)
  const { appid } = world.emulator.settings
  await control(world, 'POST', '/message-push', { appid, url: 'https://shop.test/push', token: TOKEN, format: 'xml' })
  const program = aProgram(world)
  const transaction_id = await paid(world)
  const order_key = { order_number_type: 2, transaction_id } as const
  const shipping_list = [{ tracking_no: '1', express_company: 'YTO', item_desc: '咖啡豆' }]
  await program.shipping.upload({ order_key, logistics_type: 1, delivery_mode: 1, shipping_list, payer: { openid: anOpenid(world) } })
  await world.clock.advance(10 * 24 * HOURS - SECONDS)
  expect(events).toHaveLength(1)
  await world.clock.advance(SECONDS)
  expect(events.at(-1)).toMatchObject({
    kind: 'order_settlement',
    message: { confirm_receive_method: 2, settlement_time: 1795485600 + 864_000 },
  })
})

test('subscribe messages: one acceptance, one message', async () => {
  const world = await aWorld()
  const program = aProgram(world)
  const { appid } = world.emulator.settings
  const message = { touser: anOpenid(world), template_id: 'T1', page: 'pages/order', data: { thing1: { value: '拿铁' } } }
  await expect(program.sendSubscribeMessage(message)).rejects.toMatchObject({ errcode: 43101 })
  expect((await control(world, 'POST', '/subscriptions', { appid, template_id: 'T1', times: 2 })).body).toEqual({ left: 2 })
  await program.sendSubscribeMessage(message)
  await program.sendSubscribeMessage(message)
  await expect(program.sendSubscribeMessage(message)).rejects.toMatchObject({ errcode: 43101 })
  expect((await control(world, 'GET', '/messages')).body['messages']).toMatchObject([message, message])
  expect(await program.urlLink({ path: 'pages/index' })).toMatch(/^https:\/\/wxaurl\.cn\/\w+$/)
  expect(await program.urlScheme({ jump_wxa: { path: 'pages/index' } })).toMatch(/^weixin:\/\/dl\/business\/\?t=\w+$/)
})

test('a token that another process killed is renewed under the call', async () => {
  const world = await aWorld()
  const program = aProgram(world)
  const { appid } = world.emulator.settings
  expect(await program.shipping.isTradeConfirmed()).toBe(true)
  await control(world, 'POST', '/access-tokens/revoke', { appid })
  expect(await program.shipping.isTradeConfirmed()).toBe(true)
  expect(world.emulator.requests().map(({ code }) => code ?? '')).toContain('40001')
})
