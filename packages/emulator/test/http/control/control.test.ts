// The control API over HTTP, as the phone and other languages use it (design §3.2).

import { expect, test } from 'vitest'
import { anOrder, answerOf, aWorld, control, JSAPI, pay, START } from '../../world.ts'

test('login, cashier, notification, truth: one payment through the control API', async () => {
  const world = await aWorld()
  const { appid, app_secret, users, base_url } = world.emulator.settings
  const { body: login } = await control(world, 'POST', '/login', { appid })
  const session = await world.emulator.fetch(
    new Request(
      `${base_url}/sns/jscode2session?appid=${appid}&secret=${app_secret}&js_code=${login['code']}&grant_type=authorization_code`,
    ),
  )
  const { openid } = (await answerOf(session)).body
  expect(openid).toBe(users[0]?.openid)

  const { body: order } = await world.shop.call('POST', JSAPI, anOrder(world))
  const fields = await world.shop.paymentFields(appid, String(order['prepay_id']))
  expect(await control(world, 'POST', '/cashier', { appId: appid, openid, ...fields, action: 'cancel' })).toMatchObject({
    status: 200,
    body: { errMsg: 'requestPayment:fail cancel' },
  })
  expect(await control(world, 'POST', '/cashier', { appId: appid, openid, ...fields })).toMatchObject({
    body: { errMsg: 'requestPayment:ok' },
  })
  expect(await control(world, 'GET', '/truth')).toMatchObject({ body: { ledger: [{ seq: 1, out_trade_no: 'order-0001' }] } })
  expect(await control(world, 'GET', '/orders')).toMatchObject({
    body: { orders: [{ out_trade_no: 'order-0001', trade_state: 'SUCCESS' }] },
  })

  await control(world, 'POST', '/clock', { advance_ms: 0 })
  const { body } = await control(world, 'GET', '/notifications')
  expect(body).toMatchObject({ notifications: [{ state: 'delivered', out_trade_no: 'order-0001' }] })
  const [notification] = body['notifications'] as { id: string }[]
  expect(await control(world, 'POST', `/notifications/${notification?.id}/replay`)).toMatchObject({ body: { delivery: { status: 204 } } })
  expect(world.endpoint.received).toHaveLength(2)
})

test('login takes any user’s openid, and more users can be made', async () => {
  const world = await aWorld()
  const { appid } = world.emulator.settings
  const { body: person } = await control(world, 'POST', '/users', { name: '小刚' })
  const openid = (person['openids'] as Record<string, string>)[appid]
  expect(await control(world, 'POST', '/login', { appid, openid })).toMatchObject({ status: 200, body: { code: expect.any(String) } })
  expect(await control(world, 'GET', '/users')).toMatchObject({ body: { users: [{}, {}, { name: '小刚' }] } })
})

test('the clock is read, advanced and set', async () => {
  const world = await aWorld()
  expect(await control(world, 'GET', '/clock')).toMatchObject({ body: { now: START, offset_ms: 0, time: '2026-11-24T10:00:00+08:00' } })
  expect(await control(world, 'POST', '/clock', { advance_ms: 60_000 })).toMatchObject({ body: { now: START + 60_000 } })
  expect(await control(world, 'POST', '/clock', { now: '2026-11-25T10:00:00+08:00' })).toMatchObject({
    body: { time: '2026-11-25T10:00:00+08:00' },
  })
  expect(await control(world, 'POST', '/clock', { now: START })).toMatchObject({ body: { now: START } })
})

test('faults are armed, listed and taken back', async () => {
  const world = await aWorld()
  const input = { fault: 'answer.stale', match: { path: '/v3/pay' }, times: 3, seconds: 900 }
  expect(await control(world, 'POST', '/faults', input)).toMatchObject({ status: 201, body: { id: 1, remaining: 3, ...input } })
  await control(world, 'POST', '/faults', { fault: 'notification.lost' })
  const { body } = await control(world, 'GET', '/faults')
  expect(body['faults']).toHaveLength(2)
  expect(body['known']).toHaveProperty(['answer.unsigned', 'zh'])
  expect(await control(world, 'DELETE', '/faults/1')).toMatchObject({ status: 200 })
  expect(world.emulator.faults.list()).toMatchObject([{ id: 2 }])
  await control(world, 'DELETE', '/faults')
  expect(world.emulator.faults.list()).toEqual([])
})

test('requests are shown newest first, with verdict and canonical string', async () => {
  const world = await aWorld()
  await world.shop.call('POST', JSAPI, anOrder(world))
  await world.shop.call('GET', '/v3/certificates', undefined, { message: 'wrong' })
  expect(await control(world, 'GET', '/requests')).toMatchObject({
    body: {
      requests: [
        {
          method: 'GET',
          target: '/v3/certificates',
          verdict: 'refused',
          status: 401,
          code: 'SIGN_ERROR',
          explanation: { cause: 'message_differs' },
        },
        { method: 'POST', target: JSAPI, verdict: 'accepted', status: 200, canonical: expect.stringContaining(`POST\n${JSAPI}\n`) },
      ],
    },
  })
})

test('a reset forgets orders, money, faults and requests', async () => {
  const world = await aWorld()
  await pay(world)
  world.emulator.faults.add({ fault: 'answer.lost' })
  expect(await control(world, 'POST', '/reset')).toMatchObject({ status: 200 })
  expect(await control(world, 'GET', '/truth')).toMatchObject({ body: { ledger: [] } })
  expect(await control(world, 'GET', '/requests')).toMatchObject({ body: { requests: [] } })
  expect(world.emulator.faults.list()).toEqual([])
})

test.each<[string, string, unknown, number, string]>([
  ['GET', '/nowhere', undefined, 404, 'ROUTE_UNKNOWN'],
  ['POST', '/login', { appid: 'wxother' }, 404, 'APPID_UNKNOWN'],
  ['POST', '/login', {}, 400, 'INPUT_INVALID'],
  ['POST', '/login', '{', 400, 'INPUT_INVALID'],
  ['POST', '/login', '[]', 400, 'INPUT_INVALID'],
  ['POST', '/cashier', { appId: 'a', openid: 'o', action: 'steal' }, 400, 'INPUT_INVALID'],
  ['POST', '/clock', {}, 400, 'INPUT_INVALID'],
  ['POST', '/clock', { advance_ms: -1 }, 400, 'INPUT_INVALID'],
  ['POST', '/clock', { now: 'tomorrow' }, 400, 'INPUT_INVALID'],
  ['POST', '/faults', { fault: 'answer.rude' }, 400, 'INPUT_INVALID'],
  ['POST', '/faults', { fault: 'answer.lost', match: { host: 'x' } }, 400, 'INPUT_INVALID'],
  ['DELETE', '/faults/7', undefined, 404, 'FAULT_UNKNOWN'],
  ['POST', '/notifications/7/replay', undefined, 404, 'NOTIFICATION_UNKNOWN'],
])('%s %s %j is refused clearly', async (method, path, body, status, code) => {
  const answer = await control(await aWorld(), method, path, body)
  expect(answer).toMatchObject({ status, body: { code, en: expect.any(String), zh: expect.any(String) } })
})

test('a user of another mini program cannot log in', async () => {
  const world = await aWorld()
  const { appid, sp, users } = world.emulator.settings
  const answer = await control(world, 'POST', '/login', { appid, openid: users[0]?.openids[sp.sp_appid] })
  expect(answer).toMatchObject({ status: 404, body: { code: 'USER_UNKNOWN' } })
})

test('the page is HTML in both languages', async () => {
  const { emulator } = await aWorld()
  const response = await emulator.fetch(new Request(`${emulator.settings.base_url}/_emulator/`))
  expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  expect(await response.text()).toContain('微信支付模拟器')
})
