// C8, J6: a payment differs from its order. Two operators decide, never one alone, and their actions are in a log that cannot be changed unnoticed.

import { type AuditLogEntry, type OrderAnswer, type Page, type ReviewAnswer, reviewAnswer } from '@cashdesk/contract'
import { afterEach, expect, test } from 'vitest'
import { API_KEY, aWorld, type TestWorld } from '../support/world.ts'

const ANNA = 'cd_test_operator_anna_0123456789'
const BEN = 'cd_test_operator_ben_01234567890'
const CARL = 'cd_test_operator_carl_0123456789'
const DORA = 'cd_test_operator_dora_0123456789'
const OF_MALL = 'cd_test_operator_of_the_mall_0123'
const open: TestWorld[] = []
afterEach(async () => {
  for (const world of open.splice(0)) await world.close()
})

/** At WeChat the number belongs to another system's order with another amount. Its notification reaches us. */
async function inReview(total: number, paid: number) {
  let ours: TestWorld | undefined
  const other = await aWorld({
    async notified(request, server) {
      const body = new Uint8Array(await request.arrayBuffer())
      const again = { method: 'POST', headers: Object.fromEntries(request.headers), body }
      return ours ? ours.fetch(new URL(request.url).pathname, again) : server(request)
    },
  })
  const world = await aWorld({
    network: (request) => other.emulator.fetch(request),
    configure: (config) => ({
      ...config,
      api_keys: [
        { key: API_KEY, merchants: ['shop', 'mall'] },
        ...[ANNA, BEN, CARL].map((key) => ({ key, merchants: ['shop'], scopes: ['admin' as const] })),
        { key: DORA, merchants: ['shop'], scopes: ['admin' as const, 'orders:write' as const, 'refunds:write' as const] },
        { key: OF_MALL, merchants: ['mall'], scopes: ['admin' as const] },
      ],
    }),
  })
  ours = world
  open.push(other, world)
  const cheap = await other.placeOrder({ out_trade_no: 'CHEAP-0001', amount: { total: paid } })
  await world.placeOrder({ out_trade_no: 'CHEAP-0001', amount: { total } })
  await other.aPhone().cashdesk.pay(cheap)
  await other.emulator.deliverDue()
  const as = (key: string, path: string, init: RequestInit & { json?: unknown } = {}) =>
    world.fetch(path, { ...init, headers: { authorization: `Bearer ${key}` } })
  const say = (key: string, decision: string, reason = '与顾客确认过') =>
    as(key, '/v1/orders/CHEAP-0001/review', { method: 'POST', json: { decision, reason } })
  const log = async (key: string) => ((await (await as(key, '/v1/audit_log?limit=100')).json()) as Page<AuditLogEntry>).data
  const incidents = () => world.world.store.transaction((tx) => tx.incidents.count('shop'))
  const ledger = async () => {
    let text = ''
    await world.world.store.exportTo(async (more) => {
      text += more
    })
    const lines = text.split('\n').filter((line) => line.startsWith('{"table":"ledger"'))
    return lines.map((line) => (JSON.parse(line) as { row: { code: string; amount: number } }).row)
  }
  return { world, other, say, log, as, incidents, ledger }
}

test('C8: one key proposes, another confirms; then the paid amount counts, and no more can be refunded', async () => {
  const { world, other, say, as, log, incidents, ledger } = await inReview(100, 99)
  expect(await world.order('CHEAP-0001')).toMatchObject({ state: 'review' })
  expect([await world.events('CHEAP-0001'), await incidents(), await ledger()]).toEqual([[], 1, []])

  const proposed = await say(ANNA, 'accept')
  expect(proposed.status).toBe(202)
  expect((await proposed.json()) as ReviewAnswer).toMatchObject({
    decision: 'accepted',
    confirmed_by: null,
    order: { state: 'review' },
  })
  // The same person twice still counts as one; a different decision is a new proposal.
  expect((await say(ANNA, 'accept')).status).toBe(202)
  expect((await say(BEN, 'reject')).status).toBe(202)
  expect((await say(BEN, 'reject')).status).toBe(202)
  expect((await say(ANNA, 'accept')).status).toBe(202)
  expect(await world.order('CHEAP-0001')).toMatchObject({ state: 'review' })

  const confirmed = await say(BEN, 'accept')
  expect(confirmed.status).toBe(200)
  const answer: unknown = await confirmed.json()
  const { order, ...review } = reviewAnswer.parse(answer)
  expect({ ...review, order }).toEqual(answer)
  expect(order).toMatchObject({ state: 'paid', amount: { total: 100, paid_total: 99 }, transaction_id: expect.any(String) })
  expect(review.confirmed_by).not.toBe(review.proposed_by)
  expect([await world.events('CHEAP-0001'), await incidents()]).toEqual([['order.paid'], 0])
  expect(await ledger()).toMatchObject([{ code: 'payment', amount: 99 }])

  // A made decision is final: repeating it gives the same answer, and it cannot be reversed.
  expect((await say(CARL, 'accept')).status).toBe(200)
  expect(await (await say(CARL, 'reject')).json()).toMatchObject({ code: 'order_not_in_review' })

  const refund = (out_refund_no: string, amount: number) =>
    as(DORA, '/v1/orders/CHEAP-0001/refunds', { method: 'POST', json: { out_refund_no, amount: { refund: amount } } })
  expect(await (await refund('R-100', 100)).json()).toMatchObject({ code: 'refund_exceeds' })
  expect((await refund('R-99', 99)).status).toBe(201)
  await other.clock.advance(10_000)
  await world.clock.advance(10_000)
  await other.emulator.deliverDue()
  expect(((await world.order('CHEAP-0001')) as unknown as OrderAnswer).amount).toMatchObject({ refunded: 99 })

  const entries = await log(ANNA)
  expect(entries.map(({ act }) => act)).toEqual(['review.propose', 'review.propose', 'review.propose', 'review.confirm', 'refund.request'])
  expect(entries.at(3)).toMatchObject({ who: review.confirmed_by, subject: 'CHEAP-0001', detail: { total: 100, paid_total: 99 } })
  expect(entries.map(({ prev_hash }) => prev_hash).slice(1)).toEqual(entries.map(({ hash }) => hash).slice(0, -1))
  expect(JSON.stringify(entries)).not.toContain(ANNA)
})

test('C8: two rejections close the order with one event, close the incident, and the payment changes nothing any more', async () => {
  const { world, other, say, incidents, ledger } = await inReview(100, 1)
  expect((await say(ANNA, 'reject')).status).toBe(202)
  expect((await say(CARL, 'reject')).status).toBe(200)
  expect([await world.events('CHEAP-0001'), await incidents(), await ledger()]).toEqual([['order.closed'], 0, []])
  const [notification] = other.emulator.notifications()
  await other.emulator.replay(notification?.id ?? '')
  await world.api('/v1/orders/CHEAP-0001?merchant=shop&refresh=1')
  expect([(await world.order('CHEAP-0001')).state, await incidents()]).toEqual(['closed', 0])
})

test('C8: concurrent confirmations decide once, and money above the ordered amount is counted whole', async () => {
  const { world, say, ledger } = await inReview(100, 150)
  await say(ANNA, 'accept')
  const answers = await Promise.all([BEN, CARL, BEN, CARL, ANNA].map((key) => say(key, 'accept')))
  for (const { status } of answers) expect([200, 202, 409]).toContain(status)
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1)
  expect(await world.events('CHEAP-0001')).toEqual(['order.paid'])
  expect(await ledger()).toMatchObject([{ amount: 150 }])
})

test('C8: nothing is decided without WeChat’s answer, an order without a mismatch is not reviewed, and another merchant’s does not exist', async () => {
  const { world, other, say, as } = await inReview(100, 99)
  await say(ANNA, 'accept')
  other.emulator.faults.add({ fault: 'answer.lost', times: 1 })
  expect(await (await say(BEN, 'accept')).json()).toMatchObject({ code: 'wechat_unreachable' })
  expect((await world.order('CHEAP-0001')).state).toBe('review')
  await world.placeOrder({ out_trade_no: 'FINE-00001' })
  const json = { decision: 'accept', reason: 'x' }
  const fine = await as(ANNA, '/v1/orders/FINE-00001/review', { method: 'POST', json })
  expect([fine.status, await fine.json()]).toMatchObject([409, { code: 'order_not_in_review' }])
  expect((await as(OF_MALL, '/v1/orders/CHEAP-0001/review', { method: 'POST', json })).status).toBe(404)
  expect((await as(API_KEY, '/v1/orders/CHEAP-0001/review?merchant=shop', { method: 'POST', json })).status).toBe(403)
})

test('J6: the actions of operators are in the log of the merchant concerned, and in no other', async () => {
  const { world, as, log } = await inReview(100, 99)
  const post = (key: string, path: string, json: object) => as(key, path, { method: 'POST', json })
  const made = (await (await post(ANNA, '/v1/api_keys', { name: 'x', merchants: ['shop'], scopes: ['admin'] })).json()) as {
    prefix: string
    key: string
  }
  await as(BEN, `/v1/api_keys/${made.prefix}`, { method: 'DELETE' })
  await as(BEN, `/v1/api_keys/${made.prefix}`, { method: 'DELETE' })
  const hook = (await (await post(API_KEY, '/v1/webhook_endpoints?merchant=shop', { url: 'https://hook.example.com/' })).json()) as {
    id: string
    secret: string
  }
  await post(API_KEY, `/v1/webhook_endpoints/${hook.id}/rotate?merchant=shop`, {})
  await as(API_KEY, `/v1/webhook_endpoints/${hook.id}?merchant=shop`, { method: 'DELETE' })
  for (const [out_trade_no, key] of [
    ['GIVEN-0001', DORA],
    ['GIVEN-0002', API_KEY],
  ] as const) {
    await world.placeOrder({ out_trade_no })
    for (let twice = 0; twice < 2; twice++) await post(key, `/v1/orders/${out_trade_no}/close?merchant=shop`, {})
  }
  const entries = await log(CARL)
  expect(entries.map(({ act, subject }) => [act, subject])).toEqual([
    ['api_key.create', made.prefix],
    ['api_key.revoke', made.prefix],
    ['webhook_endpoint.create', hook.id],
    ['webhook_endpoint.rotate', hook.id],
    ['webhook_endpoint.disable', hook.id],
    ['order.close', 'GIVEN-0001'],
  ])
  expect(entries[0]?.who).not.toBe(entries[1]?.who)
  // A backend closes orders all day, so its closes are in the order's history with its key, and not in the operators' log.
  const history = await world.world.store.transaction((tx) => tx.orders.history('shop', 'GIVEN-0002'))
  expect(history.at(-1)).toMatchObject({ to_state: 'closed', source: 'api', source_ref: expect.stringMatching(/^config:[0-9a-f]{8}$/) })
  const text = JSON.stringify(entries)
  for (const secret of [made.key, hook.secret, ANNA, API_KEY]) expect(text).not.toContain(secret)
  expect(await log(OF_MALL)).toEqual([])
})
