// pay() against every answer of phone and server. The host is a port, so it is written by hand here; the server's answers are its contract's.

import { describe, expect, test } from 'vitest'
import { createCashdesk, type Host, type HostRequest, type Said } from '../src/index.ts'

interface World {
  host: Host
  asked: HostRequest[]
  logins: number
  payments: number
  waited: number[]
}

type Answer = { status: number; data: unknown }
const FIELDS = { timeStamp: '1700000000', nonceStr: 'n', package: 'prepay_id=wx1', signType: 'RSA', paySign: 's' }
const order = (state: string): Answer => ({
  status: 200,
  data: { out_trade_no: 'ORDER0001', description: '拿铁', amount: { total: 1, currency: 'CNY' }, state, paid_at: null },
})

/** A phone that says `said`, and a server that gives these order states in turn, the last for ever. */
function aWorld(
  said: string | (() => Promise<Said>),
  states: (string | 'no answer')[],
  fields: Answer = { status: 200, data: FIELDS },
): World {
  const storage = new Map<string, string>()
  const world: World = { asked: [], logins: 0, payments: 0, waited: [], host: undefined as unknown as Host }
  let look = 0
  world.host = {
    async login() {
      world.logins++
      return `code-${world.logins}`
    },
    async request(request) {
      world.asked.push(request)
      if (request.url.endsWith('/sessions')) return { status: 201, data: { token: `token-${world.logins}` } }
      if (request.url.endsWith('/pay')) return fields
      const state = states[Math.min(look++, states.length - 1)] ?? 'pending'
      if (state === 'no answer') throw { errMsg: 'request:fail timeout', errno: 5 }
      return order(state)
    },
    async requestPayment() {
      world.payments++
      return typeof said === 'string' ? { errMsg: said } : said()
    },
    read: (key) => storage.get(key),
    write: (key, value) => void storage.set(key, value),
    remove: (key) => void storage.delete(key),
    async wait(ms) {
      world.waited.push(ms)
    },
  }
  return world
}

const cashdesk = (world: World) => createCashdesk({ baseURL: 'https://pay.example.com/', appid: 'wx-shop', host: world.host })
const input = { out_trade_no: 'ORDER0001', client_secret: 'cs' }

describe('the server has the last word', () => {
  test.each([
    ['ok', 'requestPayment:ok', ['paid'], 'paid'],
    ['ok, and the server hears a little later', 'requestPayment:ok', ['pending', 'pending', 'paid'], 'paid'],
    ['ok, and the server never hears', 'requestPayment:ok', ['pending'], 'pending'],
    ['ok, and the server cannot be reached', 'requestPayment:ok', ['no answer'], 'pending'],
    ['cancel, and nothing came', 'requestPayment:fail cancel', ['pending'], 'cancelled'],
    ['cancel after a real payment', 'requestPayment:fail cancel', ['paid'], 'paid'],
    ['cancel, and the server cannot be reached', 'requestPayment:fail cancel', ['no answer'], 'pending'],
    ['a failure', 'requestPayment:fail no permission', ['pending'], 'failed'],
    ['a failure after a real payment', 'requestPayment:fail', ['pending', 'paid'], 'paid'],
    ['ok, and the money is under review', 'requestPayment:ok', ['review'], 'pending'],
    ['cancel, and money under review all the same', 'requestPayment:fail cancel', ['review'], 'pending'],
    ['ok for an order that was closed', 'requestPayment:ok', ['closed'], 'failed'],
  ])('%s', async (_, said, states, status) => {
    const outcome = await cashdesk(aWorld(said, states)).pay(input)
    expect(outcome.status).toBe(status)
  })
})

describe('every errMsg variant is understood', () => {
  test.each([
    ['requestPayment:ok', 'pending'],
    ['requestPayment:fail cancel', 'cancelled'],
    ['requestPayment:cancel', 'cancelled'],
    ['requestPayment:fail:cancel', 'cancelled'],
    ['requestPayment:fail (detail message)', 'failed'],
    ['requestPayment:fail:调用支付JSAPI缺少参数: total_fee', 'failed'],
    ['requestPayment:fail', 'failed'],
    ['requestPayment:fail no permission', 'failed'],
    ['requestPayment:fail access denied', 'failed'],
    ['requestPayment:fail banned', 'failed'],
    ['requestPayment:fail jsapi has no permission', 'failed'],
    ['requestPayment:okay', 'failed'],
  ])('%s → %s', async (errMsg, status) => {
    const outcome = await cashdesk(aWorld(errMsg, ['pending'])).pay(input)
    expect(outcome.status).toBe(status)
    if (status === 'failed') {
      expect(outcome.error?.errMsg).toBe(errMsg)
      expect(outcome.error?.zh).toMatch(/[\u4e00-\u9fff]/)
      expect(outcome.error?.en).toMatch(/^[A-Z]/)
    }
  })

  test('the cause is read from err_desc where errMsg is bare', async () => {
    const said = async () => ({ errMsg: 'requestPayment:fail', err_code: '-1', err_desc: '支付验证签名失败' }) as Said
    expect((await cashdesk(aWorld(said, ['pending'])).pay(input)).error?.en).toContain('pay signature')
  })
})

test('the five fields reach the phone untouched', async () => {
  let seen: unknown
  const world = aWorld('requestPayment:ok', ['paid'])
  const { requestPayment } = world.host
  world.host.requestPayment = (fields) => {
    seen = fields
    return requestPayment(fields)
  }
  await cashdesk(world).pay(input)
  expect(seen).toEqual(FIELDS)
})

test('a double tap is one payment', async () => {
  const world = aWorld('requestPayment:ok', ['paid'])
  const desk = cashdesk(world)
  const [first, second] = await Promise.all([desk.pay(input), desk.pay(input)])
  expect(world.payments).toBe(1)
  expect(second).toBe(first)
  await desk.pay(input)
  expect(world.payments).toBe(2)
})

test('many callers share one login, and the session is kept', async () => {
  const world = aWorld('requestPayment:ok', ['paid'])
  const desk = cashdesk(world)
  await Promise.all([desk.login(), desk.login(), desk.pay(input)])
  await desk.login()
  expect(world.logins).toBe(1)
})

test('a session that is gone is opened again, once', async () => {
  const world = aWorld('requestPayment:ok', ['paid'])
  const { request } = world.host
  world.host.request = async (asked) => {
    if (asked.header['authorization'] === 'Bearer token-1') return { status: 401, data: { code: 'session_invalid', detail: '请重新登录' } }
    return request(asked)
  }
  expect((await cashdesk(world).pay(input)).status).toBe('paid')
  expect(world.logins).toBe(2)

  world.host.request = async (asked) =>
    asked.url.endsWith('/sessions') ? request(asked) : { status: 401, data: { code: 'session_invalid', detail: '请重新登录' } }
  expect(await cashdesk(world).pay(input)).toMatchObject({ status: 'failed', error: { errMsg: 'session_invalid', zh: '请重新登录' } })
  expect(world.logins).toBe(3)
})

test('an order that is paid already is an outcome, not an error, and opens no cashier', async () => {
  const world = aWorld('requestPayment:ok', ['paid'], { status: 409, data: { code: 'order_paid', detail: '订单已支付' } })
  expect((await cashdesk(world).pay(input)).status).toBe('paid')
  expect(world.payments).toBe(0)
})

test('a refused order says why, in the words of the server', async () => {
  const world = aWorld('requestPayment:ok', ['pending'], {
    status: 409,
    data: { code: 'order_expired', detail: '订单已过期，请重新下单。' },
  })
  expect(await cashdesk(world).pay(input)).toEqual({
    status: 'failed',
    error: { errMsg: 'order_expired', zh: '订单已过期，请重新下单。', en: 'The server refused: order_expired.' },
  })
})

test('killed between pay and confirm: resume() asks the server', async () => {
  const world = aWorld(() => new Promise(() => {}), ['paid'])
  void cashdesk(world).pay(input)
  await new Promise((resolve) => setImmediate(resolve))
  expect(world.payments).toBe(1)

  const restarted = cashdesk(world)
  expect(await restarted.resume()).toMatchObject({ status: 'paid', order: { out_trade_no: 'ORDER0001' } })
  expect(await restarted.resume()).toBeUndefined()
})
