// Only a body of our shape is an answer of the server: every kind of foreign body, on every call, with every status.

import { describe, expect, test } from 'vitest'
import { DAMAGED, FOREIGN, STATUSES } from './foreign-bodies.ts'
import { type Answer, aPhone, type Call, callOf, deskOf, FIELDS, good, INPUT, MARK, ORDER, problem, TOKEN } from './phone.ts'

const CALLS: readonly Call[] = ['session', 'pay', 'order']

/** Pays once. One call is answered with `answer`, the others by a healthy server that knows of no payment. */
async function payWith(call: Call, answer: Answer, said = 'requestPayment:fail cancel') {
  const phone = aPhone(async (asked) => (callOf(asked) === call ? answer : good(callOf(asked))), { errMsg: said })
  const outcome = await deskOf(phone).pay(INPUT)
  return { phone, outcome }
}

describe.each(CALLS)('C2: on %s', (call) => {
  test.each(FOREIGN)('%s is not an answer, whatever its status', async (_, data) => {
    for (const status of STATUSES) {
      const { phone, outcome } = await payWith(call, { status, data })
      expect(outcome.status, String(status)).toBe('pending')
      expect(outcome.error, String(status)).toMatchObject({ errMsg: 'not_heard', zh: '正在确认付款，请勿重复支付。' })
      expect(outcome.error?.developer).toContain(`HTTP ${status}`)
      expect(phone.storage.get(MARK), String(status)).toBe('ORDER0001')
      expect(phone.paid, String(status)).toEqual(call === 'order' ? [FIELDS] : [])
      expect(phone.storage.get(TOKEN), String(status)).toBe(call === 'session' ? undefined : 'token-1')
    }
  })

  test.each(DAMAGED[call])('an answer of our shape with %s is not an answer', async (_, data) => {
    const { phone, outcome } = await payWith(call, { status: call === 'session' ? 201 : 200, data })
    expect(outcome).toMatchObject({ status: 'pending', error: { errMsg: 'not_heard' } })
    expect(phone.storage.get(MARK)).toBe('ORDER0001')
    expect(phone.paid).toEqual(call === 'order' ? [FIELDS] : [])
    expect(phone.storage.get(TOKEN)).toBe(call === 'session' ? undefined : 'token-1')
  })

  test.each(STATUSES.filter((status) => status > 201))('an answer of our shape under status %i is not an answer', async (status) => {
    const { outcome } = await payWith(call, { ...good(call, 'paid'), status })
    expect(outcome).toMatchObject({ status: 'pending', error: { errMsg: 'not_heard' } })
  })

  test('a refusal whose status field differs from the HTTP status is not an answer', async () => {
    for (const status of [200, 201, 404, 502]) {
      const { outcome } = await payWith(call, { ...problem(409, 'order_closed'), status })
      expect(outcome).toMatchObject({ status: 'pending', error: { errMsg: 'not_heard' } })
    }
    // Not even if the status field repeats an HTTP status below 400.
    expect((await payWith(call, problem(200, 'order_closed'))).outcome).toMatchObject({ error: { errMsg: 'not_heard' } })
  })

  test('without any answer the developer text is what the platform said', async () => {
    const phone = aPhone(
      async (asked) => (callOf(asked) === call ? Promise.reject({ errMsg: 'request:fail url not in domain list' }) : good(callOf(asked))),
      { errMsg: 'requestPayment:fail cancel' },
    )
    expect(await deskOf(phone).pay(INPUT)).toMatchObject({
      status: 'pending',
      error: { errMsg: 'request:fail url not in domain list', developer: expect.stringContaining('合法域名') as string },
    })
  })
})

describe('F5: the code of a refusal decides what it means', () => {
  test.each([
    ['wechat_unreachable', 503],
    ['store_unavailable', 503],
    ['internal', 500],
    ['order_in_review', 409],
    ['a_code_of_a_later_server', 409],
  ])('%s leaves the outcome open', async (code, status) => {
    const { phone, outcome } = await payWith('pay', problem(status, code))
    expect(outcome).toEqual({
      status: 'pending',
      error: { errMsg: code, zh: '正在确认付款，请勿重复支付。', en: 'Being confirmed. Do not pay again.', developer: `${code} 的说明` },
    })
    expect(phone.storage.get(MARK)).toBe('ORDER0001')
    expect(phone.paid).toEqual([])
  })

  test.each([
    ['client_secret_wrong', 403, '支付未完成，请稍后重试。'],
    ['payer_differs', 403, '支付未完成，请稍后重试。'],
    ['not_found', 404, '支付未完成，请稍后重试。'],
    ['order_closed', 409, '支付未完成，请稍后重试。'],
    ['order_expired', 409, '支付未完成，请稍后重试。'],
    ['order_failed', 409, '支付未完成，请稍后重试。'],
    ['appid_unknown', 422, '支付未完成，请稍后重试。'],
    ['invalid_request', 400, '支付未完成，请稍后重试。'],
    ['too_many_requests', 429, '支付未完成，请稍后重试。'],
    ['wechat_refused', 502, '支付未完成，请稍后重试。'],
    ['wechat_busy', 503, '支付未完成，请稍后重试。'],
  ])('%s is a certain failure', async (code, status, zh) => {
    const { phone, outcome } = await payWith('pay', problem(status, code))
    expect(outcome).toMatchObject({ status: 'failed', error: { errMsg: code, zh, developer: `${code} 的说明` } })
    expect(phone.storage.has(MARK)).toBe(false)
  })

  test('D1: the buyer reads the server’s sentence, with the code to quote', async () => {
    const buyer = { zh: '订单已失效，请重新下单。（编号 7K3M9QXD）', en: 'The order has lapsed. Order again. (ref. 7K3M9QXD)' }
    const refused = problem(409, 'order_closed')
    const { outcome } = await payWith('pay', { ...refused, data: { ...(refused.data as object), buyer } })
    expect(outcome).toMatchObject({ status: 'failed', error: { ...buyer, developer: 'order_closed 的说明' } })
    const unknown = problem(503, 'wechat_unreachable')
    const waiting = await payWith('pay', { ...unknown, data: { ...(unknown.data as object), buyer } })
    expect(waiting.outcome).toMatchObject({ status: 'pending', error: buyer })
  })

  test.each([null, '订单已失效', [], { zh: '只有中文' }, { zh: 1, en: 2 }, { zh: '', en: '' }])(
    'D1: a sentence for the buyer with a wrong shape (%j) is not shown',
    async (buyer) => {
      const refused = problem(409, 'order_closed')
      const { outcome } = await payWith('pay', { ...refused, data: { ...(refused.data as object), buyer } })
      expect(outcome).toMatchObject({ status: 'failed', error: { zh: '支付未完成，请稍后重试。', en: 'Not paid. Try again later.' } })
    },
  )

  test('a refused login is a certain failure', async () => {
    expect((await payWith('session', problem(401, 'login_refused'))).outcome).toMatchObject({
      status: 'failed',
      error: { errMsg: 'login_refused' },
    })
  })

  test('a refusal because of the order’s state leaves the payment pending', async () => {
    for (const refused of [problem(404, 'not_found'), problem(409, 'order_closed'), problem(429, 'too_many_requests')]) {
      const { phone, outcome } = await payWith('order', refused)
      expect(outcome.status).toBe('pending')
      expect(phone.storage.get(MARK)).toBe('ORDER0001')
    }
  })
})

test('C2: requestPayment receives only the five texts, although the answer has more', async () => {
  const data = { ...FIELDS, success: 'x', total_fee: 1, extra: { a: 1 } }
  const { phone } = await payWith('pay', { status: 200, data }, 'requestPayment:ok')
  expect(phone.paid).toEqual([FIELDS])
})

test('C2: an order is returned with only its own fields', async () => {
  const { outcome } = await payWith('order', { status: 200, data: { ...ORDER, state: 'paid', paid_at: '2026-01-01T00:00:00Z', hidden: 1 } })
  expect(outcome).toEqual({ status: 'paid', order: { ...ORDER, state: 'paid', paid_at: '2026-01-01T00:00:00Z' } })
})

test('C2: a 401 of a gateway does not end our session', async () => {
  const { phone } = await payWith('pay', { status: 401, data: '<p>Sign in to the Wi-Fi' })
  expect(phone.logins).toBe(1)
  expect(phone.storage.get(TOKEN)).toBe('token-1')
})

test('C2: a stored value that is not a token is not sent, and the phone logs in', async () => {
  for (const bad of ['', 'a b', 'x'.repeat(2000), 'a\n']) {
    const phone = aPhone(async (asked) => good(callOf(asked), 'paid'))
    phone.storage.set(TOKEN, bad)
    expect((await deskOf(phone).pay(INPUT)).status).toBe('paid')
    expect(phone.logins).toBe(1)
    expect(phone.asked.map(({ header }) => header['authorization'])).toEqual([undefined, 'Bearer token-1', 'Bearer token-1'])
  }
})

test('C2: login() rejects with what is known of an answer that is not ours', async () => {
  const phone = aPhone(async () => ({ status: 200, data: '<p>' }))
  await expect(deskOf(phone).login()).rejects.toMatchObject({ name: 'RequestError', status: 200, code: 'not_heard', outcome: 'unknown' })
  const refused = aPhone(async () => problem(401, 'login_refused'))
  await expect(deskOf(refused).login()).rejects.toMatchObject({ status: 401, code: 'login_refused', outcome: 'refused' })
})
