// Bad input gets a stable code with English and Chinese text, and writes nothing.

import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROBLEMS } from '@cashdesk/contract'
import { apiV3Key, privateKey, sealNotification, signAnswer } from '@cashdesk/protocol'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { API_KEY, aWorld, NOW, type TestWorld } from '../support/world.ts'

let world: TestWorld
beforeEach(async () => {
  world = await aWorld()
})
afterEach(() => world.close())

const valid = { merchant: 'shop', out_trade_no: 'ORDER-1', description: '拿铁', amount: { total: 2800 } }
const nothingWritten = async (): Promise<void> => {
  for (const merchant of ['shop', 'mall']) {
    const { data } = (await (await world.api(`/v1/orders?merchant=${merchant}`)).json()) as { data: unknown[] }
    expect(data).toEqual([])
    expect(await world.world.store.transaction((tx) => tx.notifications.count(merchant))).toBe(0)
  }
}

async function expectProblem(answer: Response, status: number, code: string): Promise<Record<string, unknown>> {
  const body = (await answer.json()) as Record<string, unknown>
  expect({ status: answer.status, code: body['code'] }).toEqual({ status, code })
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  return body
}

describe('an order that differs from the documentation is refused', () => {
  test.each([
    ['no body', undefined, 'bad_json'],
    ['text', 'hello', 'bad_json'],
    ['a list', '[]', 'invalid_request'],
    ['no description', { ...valid, description: undefined }, 'invalid_request'],
    ['no amount', { ...valid, amount: undefined }, 'invalid_request'],
    ['an amount of 0', { ...valid, amount: { total: 0 } }, 'invalid_request'],
    ['a negative amount', { ...valid, amount: { total: -1 } }, 'invalid_request'],
    ['a fraction of a fen', { ...valid, amount: { total: 0.5 } }, 'invalid_request'],
    ['an amount as text', { ...valid, amount: { total: '2800' } }, 'invalid_request'],
    ['an amount beyond WeChat’s', { ...valid, amount: { total: 1_000_000_001 } }, 'invalid_request'],
    ['another currency', { ...valid, amount: { total: 1, currency: 'USD' } }, 'invalid_request'],
    ['a number too short', { ...valid, out_trade_no: 'A' }, 'invalid_request'],
    ['a number with a slash', { ...valid, out_trade_no: 'ORDER/../1' }, 'invalid_request'],
    ['an unknown field', { ...valid, price: 1 }, 'invalid_request'],
    ['an emoji WeChat cannot store', { ...valid, description: '🎉' }, 'invalid_request'],
    ['a NUL', { ...valid, attach: 'a\u0000b' }, 'invalid_request'],
    ['neither number nor key', { ...valid, out_trade_no: undefined }, 'idempotency_key_missing'],
  ])('%s', async (_, body, code) => {
    const init = typeof body === 'object' ? { json: body } : { body: body ?? null }
    await expectProblem(await world.api('/v1/orders', { method: 'POST', ...init }), 400, code)
    await nothingWritten()
  })

  test.each([
    ['past', -1],
    ['beyond 7 days', 8 * 24 * 3600_000],
  ])('with an expiry that is %s', async (_, ms) => {
    const json = { ...valid, time_expire: new Date(NOW + ms).toISOString() }
    await expectProblem(await world.api('/v1/orders', { method: 'POST', json }), 422, 'time_expire_range')
    await nothingWritten()
  })

  test('with the pointer of the field and an explanation in the reader’s language', async () => {
    const json = { ...valid, amount: { total: 1.5 } }
    const english = await expectProblem(await world.api('/v1/orders', { method: 'POST', json }), 400, 'invalid_request')
    expect(english).toMatchObject({ detail: PROBLEMS.invalid_request.en, errors: [{ field: '/amount/total' }] })
    const headers = { 'accept-language': 'zh-CN,zh;q=0.9' }
    const chinese = await expectProblem(
      await world.api('/v1/orders', { method: 'POST', json: { ...valid, description: '' }, headers }),
      400,
      'invalid_request',
    )
    expect(chinese['detail']).toBe(PROBLEMS.invalid_request.zh)
    expect(JSON.stringify(chinese['errors'])).toMatch(/[\u4e00-\u9fff]/)
  })
})

test.each(['/v1/orders', '/client/v1/sessions', '/wechat/shop/notify/payment'])(
  'a body over 64 KiB is refused on %s, whether or not its length is declared',
  async (path) => {
    const body = JSON.stringify({ ...valid, attach: 'x'.repeat(65_536) })
    await expectProblem(await world.api(path, { method: 'POST', body }), 413, 'body_too_large')
    const stream = new Blob([body]).stream()
    const streamed = await world.api(path, { method: 'POST', body: stream, duplex: 'half' } as RequestInit)
    await expectProblem(streamed, 413, 'body_too_large')
    await nothingWritten()
  },
)

test.each([
  ['GET', '/'],
  ['GET', '/v2/orders'],
  ['DELETE', '/v1/orders/ORDER-1'],
  ['POST', '/wechat/nobody/notify/payment'],
  ['GET', '/client/v1/unknown'],
])('an unknown route is answered with a problem like any other: %s %s', async (method, path) => {
  await expectProblem(await world.api(path, { method, ...(method === 'POST' && { body: '{}' }) }), 404, 'not_found')
})

describe('authorization', () => {
  test.each([undefined, 'Bearer', 'Bearer wrong', `Basic ${API_KEY}`, `bearer ${API_KEY}`, `Bearer ${API_KEY} `.concat('x')])(
    'an unknown key is refused: %s',
    async (authorization) => {
      const headers = authorization === undefined ? {} : { authorization }
      for (const [method, path] of [
        ['POST', '/v1/orders'],
        ['GET', '/v1/orders'],
        ['GET', '/v1/orders/ORDER-1'],
        ['POST', '/v1/orders/ORDER-1/pay'],
        ['GET', '/v1/events'],
      ] as const) {
        await expectProblem(await world.fetch(path, { method, headers }), 401, 'unauthorized')
      }
    },
  )

  test('a key for several merchants must name one', async () => {
    await expectProblem(await world.api('/v1/orders', { method: 'POST', json: { ...valid, merchant: undefined } }), 422, 'merchant_unclear')
    await expectProblem(await world.api('/v1/orders', { method: 'POST', json: { ...valid, merchant: 'other' } }), 404, 'not_found')
  })

  test('J1: a phone without a session, or with another’s order, learns nothing', async () => {
    const order = await world.placeOrder()
    const mine = world.aPhone()
    await mine.cashdesk.pay(order)
    const thief = await world.aPhone({ user: '小红' }).cashdesk.login()
    const headers = { authorization: `Bearer ${thief}` }
    await expectProblem(await world.fetch(`/client/v1/orders/${order.out_trade_no}`, { headers }), 404, 'not_found')
    await expectProblem(await world.fetch(`/client/v1/orders/${order.out_trade_no}`), 401, 'session_invalid')
    const pay = (client_secret: string) =>
      world.fetch(`/client/v1/orders/${order.out_trade_no}/pay`, { method: 'POST', headers, json: { client_secret } })
    await expectProblem(await pay('cs_shop_wrong'), 403, 'client_secret_wrong')
    await expectProblem(await pay(`${order.client_secret.slice(0, -1)}_`), 403, 'client_secret_wrong')
    await expectProblem(await pay(order.client_secret), 409, 'order_paid')
  })

  test('B1: a phone can neither name a price nor place an order', async () => {
    const token = await world.aPhone().cashdesk.login()
    const headers = { authorization: `Bearer ${token}` }
    await expectProblem(await world.fetch('/v1/orders', { method: 'POST', headers, json: valid }), 401, 'unauthorized')
    const order = await world.placeOrder()
    const json = { client_secret: order.client_secret, amount: { total: 1 } }
    await expectProblem(
      await world.fetch(`/client/v1/orders/${order.out_trade_no}/pay`, { method: 'POST', headers, json }),
      400,
      'invalid_request',
    )
  })

  test('A3: a login code works once, and only for its program', async () => {
    const { appid, sp, users } = world.emulator.settings
    const openid = users[0]?.openid ?? ''
    const { code } = world.emulator.login({ appid, openid })
    const open = (json: object) => world.fetch('/client/v1/sessions', { method: 'POST', json })
    expect((await open({ appid, code })).status).toBe(201)
    expect(await expectProblem(await open({ appid, code }), 401, 'login_refused')).toMatchObject({ wechat_code: '40163' })
    const other = world.emulator.login({ appid, openid })
    await expectProblem(await open({ appid: sp.sub_appid, code: other.code }), 401, 'login_refused')
    await expectProblem(await open({ appid: 'wx-unknown', code: 'x' }), 422, 'appid_unknown')
  })

  test.each([-1, 45011])('A1: a login that WeChat is too busy for (errcode %i) is not called a refusal', async (errcode) => {
    const busy = await aWorld({
      network: async (request, wechat) =>
        request.url.includes('/sns/jscode2session') ? Response.json({ errcode, errmsg: 'system error' }) : wechat(request),
    })
    const json = { appid: busy.emulator.settings.appid, code: 'x' }
    await expectProblem(await busy.fetch('/client/v1/sessions', { method: 'POST', json }), 503, 'wechat_unreachable')
    await busy.close()
  })

  test('A2: a session expires', async () => {
    const phone = world.aPhone()
    const token = await phone.cashdesk.login()
    await world.clock.advance(31 * 24 * 3600_000)
    await expectProblem(
      await world.fetch('/client/v1/orders/ORDER-1', { headers: { authorization: `Bearer ${token}` } }),
      401,
      'session_invalid',
    )
  })
})

describe('placing an order again', () => {
  test('gives the same order and secret for the same contents, and a refusal that names the fields for other contents', async () => {
    const first = await world.api('/v1/orders', { method: 'POST', json: valid })
    const second = await world.api('/v1/orders', { method: 'POST', json: valid })
    expect([first.status, second.status]).toEqual([201, 200])
    expect(await second.json()).toEqual(await first.json())
    const other = await world.api('/v1/orders', { method: 'POST', json: { ...valid, amount: { total: 2900 } } })
    expect(await expectProblem(other, 409, 'order_differs')).toMatchObject({ errors: [{ field: '/amount/total' }] })
  })

  test('B2: fifty concurrent requests with one Idempotency-Key make one order', async () => {
    const json = { merchant: 'shop', description: '拿铁', amount: { total: 2800 } }
    const headers = { 'idempotency-key': 'cart-7' }
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.api('/v1/orders', { method: 'POST', json, headers })))
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { out_trade_no: string }[]
    expect(new Set(bodies.map((body) => body.out_trade_no)).size).toBe(1)
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
    await expectProblem(
      await world.api('/v1/orders', { method: 'POST', json: { ...json, amount: { total: 1 } }, headers }),
      409,
      'order_differs',
    )
  })

  test('B3, D5: a reference has at most one open order, and none beside a paid one', async () => {
    const order = await world.placeOrder({ reference: 'cart-1' })
    await expectProblem(
      await world.api('/v1/orders', { method: 'POST', json: { ...valid, reference: 'cart-1', out_trade_no: 'OTHER-1' } }),
      409,
      'reference_open',
    )
    await world.aPhone().cashdesk.pay(order)
    await expectProblem(
      await world.api('/v1/orders', { method: 'POST', json: { ...valid, reference: 'cart-1', out_trade_no: 'OTHER-2' } }),
      409,
      'reference_paid',
    )
    expect((await world.api('/v1/orders/OTHER-2?merchant=shop')).status).toBe(404)
  })
})

describe('C4, C5: a notification that WeChat did not sign as it is', () => {
  test.each(['notification.bad_signature', 'notification.probe', 'notification.stale', 'notification.altered'] as const)(
    '%s is refused, and the genuine one that follows counts',
    async (fault) => {
      world.emulator.faults.add({ fault })
      const order = await world.placeOrder()
      const phone = world.aPhone({
        afterCashier: async () => {
          await world.emulator.deliverDue()
          await nothingNotified()
        },
      })
      const nothingNotified = async () => {
        expect(await world.world.store.transaction((tx) => tx.notifications.count('shop'))).toBe(0)
        expect((await world.order(order.out_trade_no)).state).toBe('pending')
      }
      await phone.cashdesk.pay(order)
      await world.emulator.clock.advance(60_000)
      expect(await world.world.store.transaction((tx) => tx.notifications.count('shop'))).toBe(1)
      expect(await world.events(order.out_trade_no)).toEqual(['order.paid'])
    },
  )

  test('is answered 4xx and writes nothing, however it was forged', async () => {
    const { api_v3_key, public_key_id } = world.emulator.settings
    const key = apiV3Key(api_v3_key)
    const thief = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const transaction = {
      mchid: world.emulator.settings.mchid,
      out_trade_no: 'ORDER-1',
      trade_state: 'SUCCESS',
      transaction_id: '42',
      amount: { total: 1 },
    }
    const body = sealNotification(key, {
      id: 'n1',
      create_time: '',
      event_type: 'TRANSACTION.SUCCESS',
      summary: '',
      original_type: 'transaction',
      resource: transaction,
      nonce: 'abcdefghijkl',
    })
    const signed = await signAnswer({ serial: public_key_id, privateKey: thief }, body, world.clock.now(), 'nonce')
    const post = (headers: Record<string, string>, text: string) =>
      world.fetch('/wechat/shop/notify/payment', { method: 'POST', headers, body: text })
    // The answer does not say which check failed; the log does.
    const code = async (answer: Response) => {
      expect(await expectProblem(answer, 400, 'notification_refused')).not.toHaveProperty('errors')
      return world.logs.findLast(({ event }) => event === 'notification.refused')?.fields.code
    }

    expect(await code(await post(signed, body))).toBe('ERR_SIGNATURE_MISMATCH')
    expect(await code(await post({ ...signed, 'Wechatpay-Serial': 'PUB_KEY_ID_0000' }, body))).toBe('ERR_SERIAL_UNKNOWN')
    const soon = await signAnswer({ serial: public_key_id, privateKey: thief }, body, world.clock.now() + 301_000, 'nonce')
    expect(await code(await post(soon, body))).toBe('ERR_TIMESTAMP_WINDOW')
    expect(await code(await post({}, body))).toBe('ERR_SIGNATURE_HEADERS')
    expect(
      await code(
        await post({ 'content-type': 'text/xml' }, '<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code></xml>'),
      ),
    ).toBe('ERR_SIGNATURE_HEADERS')
    await nothingWritten()
  })

  test('does not pay an order of another merchant when it was signed for the provider', async () => {
    const order = await world.placeOrder()
    await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
    const resource = {
      mchid: world.emulator.settings.mchid,
      out_trade_no: order.out_trade_no,
      trade_state: 'SUCCESS',
      transaction_id: '42',
      amount: { total: 2800 },
    }
    const { headers, body } = await genuine('partner', resource)
    for (const merchant of ['mall', 'shop']) {
      await expectProblem(
        await world.fetch(`/wechat/${merchant}/notify/payment`, { method: 'POST', headers, body }),
        400,
        'notification_refused',
      )
    }
    expect((await world.order(order.out_trade_no)).state).toBe('pending')
  })
})

/** A notification signed and sealed with WeChat's own keys for one of the merchants. */
async function genuine(
  merchant: 'direct' | 'partner',
  resource: object,
  kind: 'transaction' | 'refund' = 'transaction',
): Promise<{ headers: Record<string, string>; body: string }> {
  const keys = world.emulator.keys[merchant]
  const body = sealNotification(apiV3Key(keys.api_v3_key), {
    id: 'a-notification-of-its-own',
    create_time: '2026-11-24T10:00:00+08:00',
    event_type: kind === 'refund' ? 'REFUND.SUCCESS' : 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    original_type: kind,
    resource,
    nonce: 'abcdefghijkl',
  })
  const key = { serial: keys.public_key_id, privateKey: privateKey(keys.public_key_private) }
  return { headers: await signAnswer(key, body, world.clock.now(), 'nonce'), body }
}

test('C9: an authentic payment of an unknown order is acknowledged, stored, and shown as an incident', async () => {
  const resource = {
    mchid: world.emulator.settings.mchid,
    out_trade_no: 'ELSEWHERE-1',
    trade_state: 'SUCCESS',
    transaction_id: '42',
    amount: { total: 2800 },
  }
  const { headers, body } = await genuine('direct', resource)
  for (let i = 0; i < 2; i++) {
    expect((await world.fetch('/wechat/shop/notify/payment', { method: 'POST', headers, body })).status).toBe(204)
  }
  expect(await world.world.store.transaction((tx) => tx.incidents.count('shop'))).toBe(1)
  expect(await world.world.store.transaction((tx) => tx.notifications.count('shop'))).toBe(1)
})

test('E8: an authentic refund of unknown origin is an incident', async () => {
  const { mchid } = world.emulator.settings
  const resource = {
    mchid,
    out_trade_no: 'ELSEWHERE-1',
    out_refund_no: 'CONSOLE-1',
    refund_id: '5030',
    refund_status: 'SUCCESS',
    transaction_id: '42',
    amount: { total: 1, refund: 1 },
  }
  const { headers, body } = await genuine('direct', resource, 'refund')
  expect((await world.fetch('/wechat/shop/notify/refund', { method: 'POST', headers, body })).status).toBe(204)
  expect(await world.world.store.transaction((tx) => tx.incidents.count('shop'))).toBe(1)
})

describe('C7: a database that cannot write', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('is answered 5xx, to the merchant and to WeChat, and WeChat sends the notification again', async () => {
    const order = await world.placeOrder()
    const phone = world.aPhone({
      afterCashier: async () => {
        await world.close()
        await world.emulator.deliverDue()
      },
    })
    await phone.cashdesk.pay(order)
    expect(world.emulator.notifications()[0]?.deliveries.map((delivery) => delivery.status)).toEqual([503])
    await expectProblem(await world.api('/v1/orders', { method: 'POST', json: valid }), 503, 'store_unavailable')
    expect((await world.fetch('/readyz')).status).toBe(503)
    expect((await world.fetch('/livez')).status).toBe(200)
  })

  test('with a full disk stores nothing of what it could not store whole', async () => {
    const path = join(folder, 'full.db')
    const full = await aWorld({ databaseURL: `sqlite:${path}?max_page_count=80` })
    let refused: Response | undefined
    for (let i = 0; i < 5000 && !refused; i++) {
      const answer = await full.api('/v1/orders', {
        method: 'POST',
        json: { ...valid, out_trade_no: `FULL-${i}`, attach: '字'.repeat(40) },
      })
      if (!answer.ok) refused = answer
    }
    await expectProblem(refused ?? new Response('{}'), 503, 'store_unavailable')
    const { data } = (await (await full.api('/v1/orders?merchant=shop&limit=1')).json()) as { data: { out_trade_no: string }[] }
    const history = await full.world.store.transaction((tx) => tx.orders.history('shop', data[0]?.out_trade_no ?? ''))
    expect(history).toHaveLength(1)
    await full.close()
  })
})
