// One customer's story, told by clients that repeat when a connection breaks; and what must be true at its end, wherever the server died.

import { expect } from 'vitest'
import { contradictions, type Promised } from '../../simulation/src/oracle.ts'
import type { Shop } from './shop.ts'

const SECOND = 1000
const HOUR = 3_600_000

/** Orders, logs in, pays, receives the notification, refunds a part, receives that notification. Adds to `promised` what clients were answered. */
export async function aStory(shop: Shop, out_trade_no: string, promised: Promised, total = 100): Promise<void> {
  const { emulator } = shop.wechat
  const { appid } = emulator.settings
  const openid = emulator.settings.users[0]?.openid ?? ''
  const order = { merchant: 'shop', out_trade_no, description: '拿铁', amount: { total } }
  const made = await shop.call<{ client_secret: string }>('POST', '/v1/orders', order)
  expect(made.status, JSON.stringify(made.body)).toBeLessThan(300)
  const { client_secret } = made.body
  promised.orders.set(out_trade_no, { total, client_secret })

  const token = await login(shop, appid, openid)
  const paying = await shop.call<Record<string, string>>('POST', `/client/v1/orders/${out_trade_no}/pay`, { client_secret }, token)
  expect(paying.status, JSON.stringify(paying.body)).toBe(200)
  // The first notification is lost: the schedule finds the payment by a query, and the second notification finds it known.
  emulator.faults.add({ fault: 'notification.lost' })
  const said = emulator.cashier({ ...paying.body, appId: appid, openid })
  expect(said).toEqual({ errMsg: 'requestPayment:ok' })
  await emulator.deliverDue()
  await shop.advance(20 * SECOND)
  await shop.tellServer('settle')
  await emulator.deliverDue()
  await shop.tellServer('deliver')

  const refund = { out_refund_no: `R-${out_trade_no}`, amount: { refund: 40 }, reason: '不想要了' }
  // While the payment is not known yet the refund waits, as a merchant's backend would.
  for (let tries = 0; tries < 20; tries++) {
    const { status } = await shop.call('POST', `/v1/orders/${out_trade_no}/refunds?merchant=shop`, refund)
    if (status < 300) break
    await shop.advance(60 * SECOND)
    await emulator.deliverDue()
    await shop.tellServer('settle')
  }
  promised.refunds.set(refund.out_refund_no, { out_trade_no, amount: 40, reason: refund.reason })
  await emulator.deliverDue()
  await shop.tellServer('settle')
  await shop.tellServer('deliver')
}

/** Ordered and taken to the cashier in one call; the customer leaves, the order expires, and it is closed at WeChat. */
export async function nobodyPays(shop: Shop, out_trade_no: string, promised: Promised): Promise<void> {
  const { appid, users } = shop.wechat.emulator.settings
  const payer = { appid, openid: users[0]?.openid }
  const order = { merchant: 'shop', out_trade_no, description: '拿铁', amount: { total: 100 }, payer, pay: true }
  const made = await shop.call<{ client_secret: string }>('POST', '/v1/orders', order)
  expect(made.status, JSON.stringify(made.body)).toBeLessThan(300)
  promised.orders.set(out_trade_no, { total: 100, client_secret: made.body.client_secret })
}

/** A code works once, so after a broken connection the client calls wx.login again (A1). */
async function login(shop: Shop, appid: string, openid: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const { code } = shop.wechat.emulator.login({ appid, openid })
    const { status, body } = await shop.call<{ token: string }>('POST', '/client/v1/sessions', { appid, code })
    if (status < 300) return body.token
  }
  throw new Error('no session')
}

/** Two days without faults, in which everything open is settled; then the oracle. */
export async function atTheEnd(shop: Shop, promised: Promised): Promise<string[]> {
  const { emulator } = shop.wechat
  for (let hours = 0; hours < 48; hours += 4) {
    await emulator.deliverDue()
    await shop.tellServer('settle')
    await shop.tellServer('settle')
    await shop.tellServer('deliver')
    await shop.advance(4 * HOUR)
  }
  return contradictions(
    {
      emulator,
      heard: shop.heard,
      api: <T>(method: 'GET', path: string) => shop.call<T>(method, path),
      audit: () => shop.audit(),
    },
    promised,
  )
}

export function nothingPromised(): Promised {
  return { orders: new Map(), paid: new Set(), refunds: new Map(), misled: [], tried: 0 }
}
