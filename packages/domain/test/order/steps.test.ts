// Placing, paying and giving up: what each step allows and what it refuses.

import { describe, expect, test } from 'vitest'
import { beginPayment, closedByWechat, differences, giveUp, type Order, PREPAY_LIFETIME_MS, prepaid, refuse } from '../../src/index.ts'
import { anOrder, aPendingOrder, HOUR, NOW } from './builders.ts'

const payer = { appid: 'wx-shop', openid: 'o-user' }
const request = (order: Order) => JSON.stringify({ out_trade_no: order.out_trade_no })

describe('beginning a payment', () => {
  test('the first time creates the request and stores it', () => {
    const attempt = beginPayment(anOrder({ appid: null, openid: null }), payer, request, NOW)
    expect(attempt).toMatchObject({
      ok: true,
      next: 'ask WeChat',
      order: { state: 'ordering', ...payer, attempts: 1, request: '{"out_trade_no":"ORDER0001"}' },
    })
  })

  test('B6: after an unknown outcome the same request is sent again, byte for byte', () => {
    const kept = anOrder({ state: 'ordering', request: '{"kept":1}', attempts: 1 })
    const never = () => expect.unreachable('the request is made once')
    expect(beginPayment(kept, payer, never, NOW)).toMatchObject({ next: 'ask WeChat', order: { request: '{"kept":1}', attempts: 2 } })
  })

  test('B10: a prepay_id is reused while it is young, and renewed when it is old', () => {
    const order = aPendingOrder({ expires_at: NOW + 24 * HOUR, prepay_expires_at: NOW + HOUR })
    expect(beginPayment(order, payer, request, NOW + HOUR - 1)).toMatchObject({ next: 'use prepay_id', order })
    expect(beginPayment(order, payer, request, NOW + HOUR)).toMatchObject({ next: 'ask WeChat', order: { state: 'pending' } })
  })

  test.each([
    ['ORDER_PAID', { state: 'paid' }],
    ['ORDER_IN_REVIEW', { state: 'review' }],
    ['ORDER_CLOSED', { state: 'closed' }],
    ['ORDER_CLOSED', { state: 'closing' }],
    ['ORDER_CLOSED', { state: 'failed' }],
    ['ORDER_EXPIRED', { expires_at: NOW }],
    ['PAYER_DIFFERS', { openid: 'o-other' }],
    ['PAYER_DIFFERS', { appid: 'wx-other' }],
  ] as const)('%s: %o', (refusal, change) => {
    expect(beginPayment(aPendingOrder(change), payer, request, NOW)).toEqual({ ok: false, refusal })
  })
})

test('a prepay_id counts as old before WeChat lets it expire', () => {
  const { order } = prepaid(anOrder({ state: 'ordering', attempts: 3 }), 'wx9', NOW)
  expect(order).toMatchObject({ state: 'pending', prepay_id: 'wx9', attempts: 0, prepay_expires_at: NOW + PREPAY_LIFETIME_MS })
  expect(PREPAY_LIFETIME_MS).toBeLessThan(2 * HOUR)
})

test('B11: a prepay_id that arrives after the close is dropped', () => {
  const closing = aPendingOrder({ state: 'closing' })
  expect(prepaid(closing, 'wx9', NOW).order).toBe(closing)
})

test('a certain refusal ends the order only if no earlier attempt may have succeeded', () => {
  expect(refuse(anOrder({ state: 'ordering', attempts: 1 }), 'PARAM_ERROR')).toMatchObject({
    order: { state: 'failed', failure: 'PARAM_ERROR' },
    events: ['order.failed'],
  })
  expect(refuse(anOrder({ state: 'ordering', attempts: 2 }), 'PARAM_ERROR').order.state).toBe('ordering')
  expect(refuse(aPendingOrder(), 'PARAM_ERROR').order.state).toBe('pending')
})

test('an order that was never sent to WeChat closes at once; any other waits for WeChat', () => {
  expect(giveUp(anOrder(), NOW)).toMatchObject({ order: { state: 'closed' }, events: ['order.closed'] })
  expect(giveUp(aPendingOrder(), NOW)).toMatchObject({ order: { state: 'closing' }, events: [] })
  expect(closedByWechat(aPendingOrder({ state: 'closing' }))).toMatchObject({ order: { state: 'closed' }, events: ['order.closed'] })
  expect(closedByWechat(aPendingOrder()).order.state).toBe('pending')
})

test('the fields in which two placements differ are named', () => {
  const order = anOrder({ reference: 'cart-1', metadata: { a: '1', b: '2' } })
  const same = { ...order, recipient: order, payer, metadata: { b: '2', a: '1' } }
  expect(differences(order, same)).toEqual([])
  expect(
    differences(order, { ...same, amount: { total: 101, currency: 'CNY' }, reference: null, payer: { ...payer, openid: 'o-other' } }),
  ).toEqual(['amount.total', 'reference', 'payer.openid'])
})
