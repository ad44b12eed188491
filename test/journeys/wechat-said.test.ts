// D1: WeChat's reason for a refusal is stored with the order, sent to the merchant and logged; the buyer reads a sentence and a code to quote; nothing of it
// identifies the payer.

import { type OrderStoryAnswer, orderStoryAnswer, type ProblemAnswer, type StoryEntry } from '@cashdesk/contract'
import { afterEach, expect, test } from 'vitest'
import { answeredByWechat } from '../support/wechat-says.ts'
import { aWorld, HOUR, type Phone, type TestWorld } from '../support/world.ts'

let world: TestWorld
afterEach(() => world.close())

const MESSAGE = '输入源“/body/payer/openid”映射到值字段“支付者”字符串规则校验失败'

/** A server whose calls to WeChat are refused by signed answers, as the test says. */
async function refusing(say: (request: Request) => { status: number; body: unknown } | undefined): Promise<TestWorld> {
  return aWorld({
    async network(request, wechat) {
      const said = say(request)
      if (!said) return wechat(request)
      return answeredByWechat(world.emulator.keys, world.clock.now(), { ...said, headers: { 'request-id': '08F0DDC7B306-7' } })
    },
  })
}

const story = async (number: string): Promise<OrderStoryAnswer> => {
  const answer = await world.api(`/v1/orders/${number}/story?merchant=shop`)
  expect(answer.status).toBe(200)
  const body: unknown = await answer.json()
  expect(orderStoryAnswer.parse(body)).toEqual(body)
  return body as OrderStoryAnswer
}

const refusalsIn = ({ entries }: OrderStoryAnswer): StoryEntry[] => entries.filter(({ what }) => what === 'refusal')

async function payOf(phone: Phone, out_trade_no: string): Promise<Response> {
  const order = { merchant: 'shop', out_trade_no, description: '拿铁', amount: { total: 2800 }, pay: true }
  const payer = { appid: world.emulator.settings.appid, openid: phone.openid }
  return world.api('/v1/orders', { method: 'POST', json: { ...order, payer } })
}

test('D1: problem, history and log of a refused order have WeChat’s code, message, field and Request-ID', async () => {
  const detail = { field: '/payer/openid', value: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', issue: '不符合', location: 'body' }
  world = await refusing(({ url }) =>
    url.endsWith('/jsapi') ? { status: 400, body: { code: 'PARAM_ERROR', message: MESSAGE, detail } } : undefined,
  )
  const wechat = { code: 'PARAM_ERROR', message: MESSAGE, field: '/payer/openid', request_id: '08F0DDC7B306-7' }
  const answer = await payOf(world.aPhone(), 'REFUSED-1')
  expect([answer.status, await answer.json()]).toEqual([
    502,
    expect.objectContaining({ code: 'wechat_refused', wechat_code: 'PARAM_ERROR', wechat }),
  ])
  const told = await story('REFUSED-1')
  expect(refusalsIn(told)).toMatchObject([{ op: 'place', status: 400, wechat, signed: true, times: 1 }])
  expect(told.entries.find((one) => one.what === 'state' && one.to === 'failed')).toMatchObject({ source_ref: '08F0DDC7B306-7', wechat })
  const line = world.logs.find(({ event }) => event === 'order.place_failed')?.fields
  expect(line).toMatchObject({
    merchant: 'shop',
    out_trade_no: 'REFUSED-1',
    code: 'PARAM_ERROR',
    wechat_message: MESSAGE,
    wechat_field: '/payer/openid',
    request_id: '08F0DDC7B306-7',
  })
  // A later query still shows the reason.
  const later = await world.api('/v1/orders/REFUSED-1/pay?merchant=shop', { method: 'POST' })
  expect(await later.json()).toMatchObject({ code: 'order_failed', wechat })
})

test('D1: nothing that identifies the payer is stored, sent or logged, whatever WeChat repeats', async () => {
  let openid = ''
  world = await refusing(({ url }) =>
    url.endsWith('/jsapi')
      ? {
          status: 400,
          body: { code: 'PARAM_ERROR', message: `openid ${openid} 与 oUpF8uMuAJO_M2pxb1Q9zNjWeS6o，手机 13800138000\u0000\ud800` },
        }
      : undefined,
  )
  const phone = world.aPhone()
  openid = phone.openid
  const answer = await payOf(phone, 'REFUSED-2')
  expect(await answer.json()).toMatchObject({ wechat: { message: 'openid [openid] 与 [openid]，手机 [phone]' } })
  const { order: _, ...rest } = await story('REFUSED-2')
  for (const secret of [openid, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', '13800138000']) {
    expect(JSON.stringify(rest)).not.toContain(secret)
    expect(JSON.stringify(world.logs)).not.toContain(secret)
  }
})

test('D1: the payer’s openid is removed, also where letters stand against it', async () => {
  // Not of the usual length, so only the comparison with the order's payer finds it.
  world = await refusing(({ method }) =>
    method === 'POST' ? { status: 400, body: { code: 'PARAM_ERROR', message: `openid${phone.openid}x wrong` } } : undefined,
  )
  const phone = world.aPhone()
  const { wechat } = (await (await payOf(phone, 'JOINED-1')).json()) as ProblemAnswer
  expect(wechat?.message).toBe('openid[openid]x wrong')
  expect(JSON.stringify(refusalsIn(await story('JOINED-1')))).not.toContain(phone.openid)
})

test('D1: the phone gets a sentence for the buyer and a code that finds the order, but not WeChat’s reason', async () => {
  world = await refusing(({ url }) =>
    url.endsWith('/jsapi') ? { status: 400, body: { code: 'PARAM_ERROR', message: MESSAGE } } : undefined,
  )
  const order = await world.placeOrder({ out_trade_no: 'REFUSED-3' })
  const phone = world.aPhone()
  const result = await phone.cashdesk.pay(order)
  expect(result.status).toBe('failed')
  const letters = /^商家暂时无法收款，请联系商家。（编号 ([2-9A-HJ-NP-Z]{8})）$/.exec(result.error?.zh ?? '')?.[1] ?? ''
  expect(result.error?.en).toBe(`The shop cannot take this payment now. Contact the shop. (ref. ${letters})`)
  expect(JSON.stringify(result)).not.toContain('校验失败')
  expect((await story(letters)).order.out_trade_no).toBe('REFUSED-3')
  expect((await story(letters.toLowerCase())).order.out_trade_no).toBe('REFUSED-3')
  expect(world.logs.find(({ event }) => event === 'order.place_failed')?.fields.support_id).toBe(letters)
  expect((await world.api('/v1/orders/22222222/story?merchant=shop')).status).toBe(404)
  // Another merchant's support id finds nothing.
  expect((await world.api(`/v1/orders/${letters}/story?merchant=mall`)).status).toBe(404)
})

test.each([
  ['POST', '/client/v1/sessions', 400, 'bad_json'],
  ['GET', '/client/v1/orders/NOT-THERE', 401, 'session_invalid'],
  ['POST', '/client/v1/orders/NOT-THERE/pay', 401, 'session_invalid'],
  ['GET', '/client/v1/nothing', 404, 'not_found'],
])('D1: every refusal to a phone has sentence and code: %s %s', async (method, path, status, code) => {
  world = await aWorld()
  const answer = await world.fetch(path, { method, ...(method === 'POST' && { body: '{' }) })
  const problem = (await answer.json()) as ProblemAnswer
  expect([answer.status, problem.code]).toEqual([status, code])
  expect(problem.support_id).toMatch(/^[2-9A-HJ-NP-Z]{8}$/)
  expect(problem.buyer).toEqual({
    zh: expect.stringContaining(`（编号 ${problem.support_id}）`) as string,
    en: expect.stringContaining(`(ref. ${problem.support_id})`) as string,
  })
  expect(world.logs.find(({ event }) => event === 'request.refused')?.fields).toMatchObject({ support_id: problem.support_id, code, path })
})

test('D1: a refusal to a merchant’s backend has neither', async () => {
  world = await aWorld()
  const problem = (await (await world.api('/v1/orders/NOT-THERE?merchant=shop')).json()) as ProblemAnswer
  expect(problem).not.toHaveProperty('buyer')
  expect(problem).not.toHaveProperty('support_id')
})

test('D1: a refund that is refused repeatedly has one entry with a count, and a rejected one says why', async () => {
  let code = 'NOT_ENOUGH'
  world = await refusing(({ method, url }) => {
    if (method === 'POST' && url.endsWith('/refunds')) return { status: 403, body: { code, message: `${code} 的说明` } }
    return undefined
  })
  const order = await world.placeOrder()
  await world.aPhone().cashdesk.pay(order)
  await world.emulator.deliverDue()
  const path = `/v1/orders/${order.out_trade_no}/refunds?merchant=shop`
  const ask = (out_refund_no: string) => world.api(path, { method: 'POST', json: { out_refund_no, amount: { refund: 100 } } })
  expect(await (await ask('R-1')).json()).toMatchObject({ state: 'requested', failure: 'NOT_ENOUGH' })
  for (let n = 0; n < 3; n++) {
    await world.clock.advance(12 * HOUR)
    await world.settle()
  }
  const [entry, ...others] = refusalsIn(await story(order.out_trade_no))
  expect(others).toEqual([])
  expect(entry).toMatchObject({
    op: 'refund',
    out_refund_no: 'R-1',
    wechat: { code, message: 'NOT_ENOUGH 的说明', request_id: '08F0DDC7B306-7' },
  })
  expect(entry).toHaveProperty(
    'times',
    expect.toSatisfy((times: number) => times > 2),
  )
  code = 'PARAM_ERROR'
  expect(await (await ask('R-2')).json()).toMatchObject({ failure: 'PARAM_ERROR' })
  const told = await story(order.out_trade_no)
  expect(told.entries).toContainEqual(
    expect.objectContaining({ what: 'state', out_refund_no: 'R-2', to: 'rejected', wechat: expect.objectContaining({ code }) as object }),
  )
})

test('D1: a refused close and a refused query are stored, too', async () => {
  world = await refusing(({ method, url }) => {
    if (url.endsWith('/close')) return { status: 403, body: { code: 'NO_AUTH', message: '商户无权限' } }
    if (method === 'GET' && url.includes('/out-trade-no/')) return { status: 429, body: { code: 'FREQUENCY_LIMITED', message: '频率超限' } }
    return undefined
  })
  const order = await world.placeOrder()
  await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
  await world.api(`/v1/orders/${order.out_trade_no}/close?merchant=shop`, { method: 'POST' })
  const kept = refusalsIn(await story(order.out_trade_no)) as { op?: string; wechat?: { code: string } }[]
  expect(kept.map(({ op, wechat }) => [op, wechat?.code]).sort()).toEqual([['query', 'FREQUENCY_LIMITED']])
  expect(world.logs.filter(({ event }) => event === 'order.query_failed').at(-1)?.fields).toMatchObject({
    out_trade_no: order.out_trade_no,
    code: 'FREQUENCY_LIMITED',
    wechat_message: '频率超限',
  })
})

test('D1: the story has states, notification, events, deliveries, refunds and incidents in order of time', async () => {
  world = await aWorld({ deliver: async () => new Response(null, { status: 500 }) })
  await world.api('/v1/webhook_endpoints?merchant=shop', { method: 'POST', json: { url: 'https://hook.example.com/' } })
  const order = await world.placeOrder()
  await world.aPhone().cashdesk.pay(order)
  await world.emulator.deliverDue()
  await world.deliver()
  const refund = { out_refund_no: 'R-1', amount: { refund: 100 }, reason: 'sentinel:ABNORMAL' }
  await world.api(`/v1/orders/${order.out_trade_no}/refunds?merchant=shop`, { method: 'POST', json: refund })
  await world.clock.advance(10_000)
  await world.emulator.deliverDue()
  const { entries, refunds, order: told } = await story(order.out_trade_no)
  expect(told.state).toBe('paid')
  expect(refunds).toMatchObject([{ out_refund_no: 'R-1', state: 'abnormal' }])
  const kinds = entries.map((entry) => (entry.what === 'state' ? `${entry.out_refund_no ?? 'order'}: ${entry.to}` : entry.what))
  expect(kinds.slice(0, 3)).toEqual(['order: created', 'order: ordering', 'order: pending'])
  for (const kind of ['order: paid', 'notification', 'event', 'delivery', 'R-1: requested', 'R-1: processing', 'R-1: abnormal', 'incident'])
    expect(kinds).toContain(kind)
  expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort())
  expect(entries.find(({ what }) => what === 'delivery')).toMatchObject({ state: 'pending', attempts: 1, last_status: 500 })
  expect(entries.find(({ what }) => what === 'incident')).toMatchObject({ kind: 'refund_abnormal', state: 'open', out_refund_no: 'R-1' })
})
