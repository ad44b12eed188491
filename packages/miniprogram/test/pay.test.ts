// pay() against every answer of phone and server. The host is a port, so it is written by hand here; the server's answers follow its contract.

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
/** A refusal as the server sends it. */
const problem = (status: number, code: string, detail: string): Answer => ({
  status,
  data: { type: `https://cashdesk.dev/problems/${code}`, title: code, status, code, detail },
})
const order = (state: string): Answer => ({
  status: 200,
  data: { out_trade_no: 'ORDER0001', description: '拿铁', amount: { total: 1, currency: 'CNY' }, state, paid_at: null },
})

/** A phone that answers `said`, and a server that gives these order states in turn; the last one is repeated. */
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

describe('the server’s answer decides the outcome', () => {
  test.each([
    ['ok', 'requestPayment:ok', ['paid'], 'paid'],
    ['ok, and the server learns of the payment a little later', 'requestPayment:ok', ['pending', 'pending', 'paid'], 'paid'],
    ['ok, and the server does not learn of the payment', 'requestPayment:ok', ['pending'], 'pending'],
    ['ok, and the server cannot be reached', 'requestPayment:ok', ['no answer'], 'pending'],
    ['cancel, and nothing came', 'requestPayment:fail cancel', ['pending'], 'cancelled'],
    ['cancel after a real payment', 'requestPayment:fail cancel', ['paid'], 'paid'],
    ['cancel, and the server cannot be reached', 'requestPayment:fail cancel', ['no answer'], 'pending'],
    ['a failure', 'requestPayment:fail no permission', ['pending'], 'failed'],
    ['a failure after a real payment', 'requestPayment:fail', ['pending', 'paid'], 'paid'],
    ['ok, and the money is under review', 'requestPayment:ok', ['review'], 'pending'],
    ['cancel, and the money is under review', 'requestPayment:fail cancel', ['review'], 'pending'],
    ['ok for an order that was closed', 'requestPayment:ok', ['closed'], 'failed'],
  ])('%s', async (_, said, states, status) => {
    const outcome = await cashdesk(aWorld(said, states)).pay(input)
    expect(outcome.status).toBe(status)
  })
})

interface Variant extends Partial<Said> {
  err_code?: number | string
  err_desc?: string
}

/** miniprogram-client-api §3.1 (results), §3.3 (what users see), §8 (uni-app in apps): the platform's answer, the outcome, and the developer's text. */
const VARIANTS: readonly [Variant, 'cancelled' | 'failed' | 'pending', RegExp?][] = [
  [{ errMsg: 'requestPayment:ok' }, 'pending'],
  [{ errMsg: 'requestPayment:fail cancel' }, 'cancelled', /取消/],
  [{ errMsg: 'requestPayment:cancel' }, 'cancelled', /取消/],
  [{ errMsg: 'requestPayment:fail:cancel' }, 'cancelled', /取消/],
  [{ errMsg: 'requestPayment:fail', errno: 1 }, 'cancelled', /取消/],
  [{ errMsg: 'requestPayment:fail [payment微信:-2]User canceled' }, 'cancelled', /取消/],
  [{ errMsg: 'requestPayment:fail [payment微信:-1]General errors' }, 'failed', /原因未知/],
  [{ errMsg: 'requestPayment:fail (detail message)' }, 'failed', /原因未知/],
  [{ errMsg: 'requestPayment:fail' }, 'failed', /原因未知/],
  [{ errMsg: 'requestPayment:okay' }, 'failed', /原因未知/],
  [{ errMsg: 'requestPayment:fail:调用支付JSAPI缺少参数: total_fee' }, 'failed', /prepay_id/],
  [{ errMsg: 'requestPayment:fail', err_code: '-1', err_desc: '调用支付JSAPI缺少参数: total_fee' }, 'failed', /prepay_id/],
  [{ errMsg: 'requestPayment:fail 缺少参数 appid' }, 'failed', /prepay_id/],
  [{ errMsg: 'requestPayment:fail', err_code: 2, err_desc: '支付验证签名失败' }, 'failed', /签名/],
  [{ errMsg: 'requestPayment:fail', err_code: '-1', err_desc: 'Unable to verify signature' }, 'failed', /签名/],
  [{ errMsg: 'requestPayment:fail 支付签名验证失败' }, 'failed', /签名/],
  [{ errMsg: 'requestPayment:fail no permission' }, 'failed', /权限/],
  [{ errMsg: 'requestPayment:fail access denied' }, 'failed', /权限/],
  [{ errMsg: 'requestPayment:fail banned' }, 'failed', /权限/],
  [{ errMsg: 'requestPayment:fail jsapi has no permission', errno: 102 }, 'failed', /权限/],
  [{ errMsg: 'requestPayment:fail', errno: 3 }, 'failed', /权限/],
  [{ errMsg: 'requestPayment:fail', errno: 700001 }, 'failed', /权限/],
  [{ errMsg: 'requestPayment:fail 小程序违规，无法使用支付' }, 'failed', /权限/],
  [{ errMsg: 'requestPayment:fail', errno: 5 }, 'failed', /网络/],
  [{ errMsg: 'requestPayment:fail', errno: 700000 }, 'failed', /原因未知/],
  [{ errMsg: 'requestPayment:fail 商户传入的appid参数不正确' }, 'failed', /appid/],
  [{ errMsg: 'requestPayment:fail appid和mch_id不匹配' }, 'failed', /商户号未绑定/],
  [{ errMsg: 'requestPayment:fail appid与openid不匹配' }, 'failed', /openid/],
  [{ errMsg: 'requestPayment:fail 无效的openid' }, 'failed', /openid/],
  [{ errMsg: 'requestPayment:fail 下单账号与支付账号不一致' }, 'failed', /账号/],
  [{ errMsg: 'requestPayment:fail 该订单已支付' }, 'failed', /已支付/],
  [{ errMsg: 'requestPayment:fail 该订单已失效' }, 'failed', /失效/],
  [{ errMsg: 'requestPayment:fail 订单已关闭' }, 'failed', /失效/],
  [{ errMsg: 'requestPayment:fail 请求重入时，参数与首次请求时不一致' }, 'failed', /另一笔/],
  [{ errMsg: 'requestPayment:fail 201 商户订单号重复' }, 'failed', /另一笔/],
  [{ errMsg: 'requestPayment:fail 支付场景非法' }, 'failed', /场景/],
  [{ errMsg: 'requestPayment:fail 当前商户该支付方式存在异常，暂时无法支付' }, 'failed', /场景/],
  [{ errMsg: 'requestPayment:fail 商家暂时没有此类交易权限' }, 'failed', /商家暂时无法收款/],
  [{ errMsg: 'requestPayment:fail 此商家的收款功能已被限制' }, 'failed', /商家暂时无法收款/],
  [{ errMsg: 'requestPayment:fail 由于相关规范，iOS功能暂不可用' }, 'failed', /iOS/],
]

describe('every variant of errMsg is understood', () => {
  test.each(VARIANTS)('%o → %s', async (said, status, zh) => {
    // Only the type of Said is relied on; platforms add keys of their own.
    const outcome = await cashdesk(aWorld(async () => said as Said, ['pending'])).pay(input)
    expect(outcome.status).toBe(status)
    if (!zh) return
    expect(outcome.error?.errMsg).toBe(said.errMsg)
    expect(outcome.error?.developer).toMatch(zh)
    // The buyer's sentence contains no developer's term.
    expect(outcome.error?.zh).toMatch(/^[\u4e00-\u9fff，]+。$/)
    expect(outcome.error?.en).toMatch(/^[A-Z][A-Za-z ,;.]*\.$/)
  })

  test.each(VARIANTS)('%o is paid when the server says so', async (said) => {
    expect((await cashdesk(aWorld(async () => said as Said, ['paid'])).pay(input)).status).toBe('paid')
  })

  test('the cause is read from err_desc when errMsg has none', async () => {
    const said = async () => ({ errMsg: 'requestPayment:fail', err_code: '-1', err_desc: '支付验证签名失败' }) as Said
    expect((await cashdesk(aWorld(said, ['pending'])).pay(input)).error?.developer).toContain('支付签名')
  })
})

test('the five fields reach the phone unchanged', async () => {
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

test('a double tap makes one payment', async () => {
  const world = aWorld('requestPayment:ok', ['paid'])
  const desk = cashdesk(world)
  const [first, second] = await Promise.all([desk.pay(input), desk.pay(input)])
  expect(world.payments).toBe(1)
  expect(second).toBe(first)
  await desk.pay(input)
  expect(world.payments).toBe(2)
})

test('concurrent calls share one login, and the session is stored', async () => {
  const world = aWorld('requestPayment:ok', ['paid'])
  const desk = cashdesk(world)
  await Promise.all([desk.login(), desk.login(), desk.pay(input)])
  await desk.login()
  expect(world.logins).toBe(1)
})

test('a session that has ended is renewed once', async () => {
  const world = aWorld('requestPayment:ok', ['paid'])
  const { request } = world.host
  world.host.request = async (asked) => {
    if (asked.header['authorization'] === 'Bearer token-1') return problem(401, 'session_invalid', '请重新登录')
    return request(asked)
  }
  expect((await cashdesk(world).pay(input)).status).toBe('paid')
  expect(world.logins).toBe(2)

  world.host.request = async (asked) => (asked.url.endsWith('/sessions') ? request(asked) : problem(401, 'session_invalid', '请重新登录'))
  expect(await cashdesk(world).pay(input)).toMatchObject({
    status: 'failed',
    error: { errMsg: 'session_invalid', developer: '请重新登录' },
  })
  expect(world.logins).toBe(3)
})

test('an order that is already paid gives the outcome paid without an error, and opens no cashier', async () => {
  const world = aWorld('requestPayment:ok', ['paid'], problem(409, 'order_paid', '订单已支付'))
  expect((await cashdesk(world).pay(input)).status).toBe('paid')
  expect(world.payments).toBe(0)
})

test('F5: a refused order gives a sentence for the buyer and the server’s own text for the developer', async () => {
  const refused = problem(409, 'order_expired', '订单已过期，请重新下单。')
  const buyer = { zh: '订单已失效，请重新下单。', en: 'The order has lapsed. Order again.' }
  const world = aWorld('requestPayment:ok', ['pending'], { ...refused, data: { ...(refused.data as object), buyer } })
  expect(await cashdesk(world).pay(input)).toEqual({
    status: 'failed',
    error: {
      errMsg: 'order_expired',
      zh: '订单已失效，请重新下单。',
      en: 'The order has lapsed. Order again.',
      developer: '订单已过期，请重新下单。',
    },
  })
})

test('resume() asks the server after a kill between payment and confirmation', async () => {
  const world = aWorld(() => new Promise(() => {}), ['paid'])
  void cashdesk(world).pay(input)
  await new Promise((resolve) => setImmediate(resolve))
  expect(world.payments).toBe(1)

  const restarted = cashdesk(world)
  // Without the server's answer the payment stays open, and resume() asks again.
  const { request } = world.host
  world.host.request = (asked) => (asked.method === 'GET' ? Promise.reject({ errMsg: 'request:fail timeout', errno: 5 }) : request(asked))
  expect(await restarted.resume()).toMatchObject({ status: 'pending', error: { developer: expect.stringContaining('网络') as string } })
  world.host.request = request
  expect(await restarted.resume()).toMatchObject({ status: 'paid', order: { out_trade_no: 'ORDER0001' } })
  expect(await restarted.resume()).toBeUndefined()
})
