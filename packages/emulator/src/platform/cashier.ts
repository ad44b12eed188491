// The cashier that wx.requestPayment opens: its checks in WeChat's order (miniprogram-client-api §10), then pay, cancel or fail.

import { beijingTime, requestPaymentMessage, verify } from '@cashdesk/protocol'
import type { Clock } from '../ports/clock.ts'
import { type Random, randomDigits } from '../ports/random.ts'
import { type CashierResult, refused } from './cashier-refusals.ts'
import type { Ledger } from './ledger.ts'
import type { Merchants } from './merchants.ts'
import type { Notifier } from './notifier.ts'
import { type Order, PREPAY_LIFE_MS, payerOf, stateOf } from './order.ts'
import type { Orders } from './orders.ts'
import type { People } from './people.ts'

/** What the phone hands over: the running program, its user, and the arguments of wx.requestPayment as they came. */
export interface CashierInput {
  appId: string
  openid: string
  timeStamp?: unknown
  nonceStr?: unknown
  package?: unknown
  signType?: unknown
  paySign?: unknown
  /** What the user does once the cashier is open. `pay` when absent. */
  action?: CashierAction
}

export type CashierAction = 'pay' | 'cancel' | 'fail'

export interface Cashier {
  use(input: CashierInput): CashierResult
}

export interface CashierWorld {
  clock: Clock
  random: Random
  merchants: Merchants
  people: People
  orders: Orders
  ledger: Ledger
  notifier: Notifier
}

export function createCashier(world: CashierWorld): Cashier {
  return {
    use(input) {
      const opened = open(world, input)
      if ('errMsg' in opened) return opened
      switch (input.action ?? 'pay') {
        case 'cancel':
          return { errMsg: 'requestPayment:fail cancel' }
        case 'fail':
          return { errMsg: 'requestPayment:fail 支付失败' }
        case 'pay':
          pay(world, opened)
          return { errMsg: 'requestPayment:ok' }
      }
    },
  }
}

/** The order, if the cashier would open on it. */
function open({ clock, merchants, orders }: CashierWorld, input: CashierInput): Order | CashierResult {
  const { timeStamp, nonceStr, package: packageValue, paySign } = input
  for (const [name, value] of Object.entries({ timeStamp, nonceStr, package: packageValue, paySign })) {
    if (typeof value !== 'string') return refused.type(name, value)
  }
  // The loop above proved these four to be text.
  const fields = { timeStamp, nonceStr, package: packageValue, paySign } as Record<'timeStamp' | 'nonceStr' | 'package' | 'paySign', string>
  if (!/^prepay_id=.+/.test(fields.package)) return refused.packageFormat()
  if (input.signType !== 'RSA') return refused.signType(input.signType)

  const found = orders.findByPrepayId(fields.package.slice('prepay_id='.length))
  if (!found) return refused.prepayUnknown()
  const { order, made_at } = found
  const now = clock.now()
  if (now - made_at >= PREPAY_LIFE_MS) return refused.prepayExpired()
  const payer = payerOf(order.body)
  if (input.appId !== payer.appid) return refused.appid(input.appId, payer.appid)
  const state = stateOf(order, now)
  if (state === 'SUCCESS') return refused.paid()
  if (state === 'CLOSED') return refused.closed()
  if (now >= order.expires_at) return refused.orderExpired()

  const merchant = merchants.find(order.mchid)
  const message = requestPaymentMessage(input.appId, fields.timeStamp, fields.nonceStr, fields.package)
  // Ten digits: milliseconds are refused even when they were signed (v3-protocol §15).
  if (!merchant || !/^\d{10}$/.test(fields.timeStamp) || !verify(merchant.publicKey, message, fields.paySign)) {
    return refused.paySign(message.toString('utf8'), fields, merchants, order)
  }
  if (input.openid !== payer.openid) return refused.openid()
  return order
}

function pay({ clock, random, people, orders, ledger, notifier }: CashierWorld, order: Order): void {
  const now = clock.now()
  const payer = payerOf(order.body)
  // 28 digits starting with 42 (v3-notifications §5); the ledger's length makes it unique.
  const day = beijingTime(now).slice(0, 10).replaceAll('-', '')
  const transaction_id = `42000${randomDigits(random, 5)}${day}${String(ledger.entries().length + 1).padStart(10, '0')}`
  ledger.append(
    {
      kind: 'payment',
      mchid: order.mchid,
      ...('sub_mchid' in order.body && { sub_mchid: order.body.sub_mchid }),
      appid: payer.appid,
      openid: payer.openid,
      out_trade_no: order.body.out_trade_no,
      transaction_id,
      amount: { total: order.body.amount.total, currency: 'CNY' },
    },
    now,
  )
  const openids = people.find(payer.openid)?.person.openids ?? { [payer.appid]: payer.openid }
  orders.recordPayment(order, { transaction_id, paid_at: now, bank_type: 'OTHERS', openids })
  notifier.announcePayment(order)
}
