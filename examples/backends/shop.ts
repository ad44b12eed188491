// What the four Node backends share: the shop's own rules over the SDK, without a framework and without HTTP.

import { randomUUID } from 'node:crypto'
import { CashdeskError, type MiniProgram, type Notification, type RequestPayment, type WechatPay } from '@cashdesk/sdk'

/** Prices in fen, defined here and nowhere else. */
const PRICES: Readonly<Record<string, { name: string; price: number }>> = {
  latte: { name: '拿铁', price: 2800 },
  croissant: { name: '黄油可颂', price: 1200 },
}

export interface ShopOptions {
  wechatpay: WechatPay
  program: MiniProgram
  /** The address to which WeChat sends notifications: the route that calls `handle`. */
  notify_url: string
}

export interface Shop {
  /** A login code and a product become an order and the five fields for wx.requestPayment. @throws BadRequest, SDK errors */
  pay(input: unknown): Promise<{ out_trade_no: string; payment: RequestPayment }>
  /** For the SDK's notification adapter. May be called twice for one payment. */
  handle(notification: Notification): void
  /** Answers the phone's question after requestPayment; undefined for an order that is not ours. */
  state(out_trade_no: string): Promise<'paid' | 'pending' | undefined>
}

type Transaction = Extract<Notification, { kind: 'payment' }>['transaction']

/** The phone sent an invalid request: 422. */
export class BadRequest extends Error {}

export function createShop({ wechatpay, program, notify_url }: ShopOptions): Shop {
  // A real shop keeps these in its database.
  const orders = new Map<string, { total: number; paid: boolean }>()

  /** A payment counts only if amount and program are those of the order. */
  const observe = (transaction: Transaction): void => {
    const { out_trade_no, trade_state, amount } = transaction
    const order = orders.get(out_trade_no)
    const ours = 'appid' in transaction && transaction.appid === program.appid
    if (order && ours && trade_state === 'SUCCESS' && amount?.total === order.total) order.paid = true
  }

  return {
    async pay(input) {
      const { code, product_id } = (input ?? {}) as { code?: unknown; product_id?: unknown }
      const product = typeof product_id === 'string' && Object.hasOwn(PRICES, product_id) ? PRICES[product_id] : undefined
      if (typeof code !== 'string' || !product) throw new BadRequest('请求须含 code 和有效的 product_id / code and a known product_id')
      const { openid } = await program.code2Session(code)
      const out_trade_no = randomUUID().replaceAll('-', '')
      orders.set(out_trade_no, { total: product.price, paid: false })
      const { prepay_id } = await wechatpay.transactions.jsapi({
        appid: program.appid,
        description: product.name,
        out_trade_no,
        notify_url,
        amount: { total: product.price },
        payer: { openid },
      })
      return { out_trade_no, payment: await wechatpay.requestPayment({ appid: program.appid, prepay_id }) }
    },
    handle(notification) {
      if (notification.kind === 'payment') observe(notification.transaction)
    },
    async state(out_trade_no) {
      const order = orders.get(out_trade_no)
      if (!order) return undefined
      // The notification may be late or lost, so the phone's question makes us query WeChat.
      if (!order.paid) {
        const found = await wechatpay.transactions.byOutTradeNo(out_trade_no).catch((error: unknown) => {
          if (error instanceof CashdeskError) return undefined
          throw error
        })
        if (found) observe(found)
      }
      return order.paid ? 'paid' : 'pending'
    },
  }
}
