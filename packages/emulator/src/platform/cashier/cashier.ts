// The cashier (收银台) that wx.requestPayment opens: it checks the arguments in WeChat's order (miniprogram-client-api §10), then the user pays, cancels or fails.

import { requestPaymentMessage, verify } from '@cashdesk/protocol'
import { type SignType, v2Message, verifyV2RequestPayment } from '@cashdesk/protocol/v2'
import type { Merchants } from '../merchants/merchants.ts'
import { PREPAY_LIFE_MS } from '../orders/order.ts'
import { type CashierResult, refused } from './cashier-refusals.ts'
import { type Checkout, type CheckoutWorld, findCheckout } from './checkout.ts'
import { BANK_TYPE, type Method, PASSWORD, type Wallets } from './wallets.ts'

/** What the phone passes on: the running program, its user, and the arguments of wx.requestPayment unchanged. */
export interface CashierInput {
  appId: string
  openid: string
  timeStamp?: unknown
  nonceStr?: unknown
  package?: unknown
  signType?: unknown
  paySign?: unknown
  /** What the user does once the cashier is open; `pay` when absent. */
  action?: CashierAction
}

export type CashierAction = 'pay' | 'cancel' | 'fail'

/** What the cashier shows: the amount, the payee, and the balance to pay with. */
export interface Sheet {
  mchid: string
  description: string
  /** Fen. */
  total: number
  /** Fen of change (零钱) that the user holds. The bank card is never short of money. */
  change: number
}

/** Why nothing was paid although a password was entered. The sheet stays open. */
export type Trouble = 'WRONG_PASSWORD' | 'INSUFFICIENT_CHANGE'

export interface Cashier {
  /** Opens the cashier and does `action` at once, for tests and the headless host. */
  use(input: CashierInput): CashierResult
  /** Opens the cashier and waits for the user, or gives a result when it does not open. */
  open(input: CashierInput): { sheet: Sheet } | { result: CashierResult }
  /** The user entered a password of six digits on the open sheet. */
  confirm(input: CashierInput, method: Method, password: string): { trouble: Trouble } | { result: CashierResult }
  /** Acts from the emulator's page instead of from a phone: as the payer of the order, without checking a paySign. */
  byHand(prepay_id: string, action: CashierAction): CashierResult
}

export interface CashierWorld extends CheckoutWorld {
  merchants: Merchants
  wallets: Wallets
}

export function createCashier(world: CashierWorld): Cashier {
  return {
    use: (input) => confirm(open(world, input), input.action ?? 'pay'),
    open(input) {
      const opened = open(world, input)
      if ('errMsg' in opened) return { result: opened }
      const { mchid, description, total } = opened
      return { sheet: { mchid, description, total, change: world.wallets.balance(input.openid) } }
    },
    confirm(input, method, password) {
      // Checks again, because the order may have been closed, or paid on another phone, while the sheet was open.
      const opened = open(world, input)
      if ('errMsg' in opened) return { result: opened }
      if (password !== PASSWORD) return { trouble: 'WRONG_PASSWORD' }
      if (method === 'change' && world.wallets.balance(input.openid) < opened.total) return { trouble: 'INSUFFICIENT_CHANGE' }
      opened.pay(BANK_TYPE[method])
      return { result: { errMsg: 'requestPayment:ok' } }
    },
    byHand: (prepay_id, action) => confirm(usable(world, prepay_id), action),
  }
}

function confirm(opened: Checkout | CashierResult, action: CashierAction): CashierResult {
  if ('errMsg' in opened) return opened
  switch (action) {
    case 'cancel':
      return { errMsg: 'requestPayment:fail cancel' }
    case 'fail':
      return { errMsg: 'requestPayment:fail 支付失败' }
    case 'pay':
      opened.pay()
      return { errMsg: 'requestPayment:ok' }
  }
}

/**
 * The checks that do not depend on the signature:
 * the prepay_id is known and not expired, and the order can still be paid. `appId` is that of the running program.
 */
function usable(world: CashierWorld, prepay_id: string, appId?: string): Checkout | CashierResult {
  const found = findCheckout(world, prepay_id)
  if (!found) return refused.prepayUnknown()
  const { checkout, made_at } = found
  const now = world.clock.now()
  if (now - made_at >= PREPAY_LIFE_MS) return refused.prepayExpired()
  if (appId !== undefined && appId !== checkout.payer.appid) return refused.appid(appId, checkout.payer.appid)
  if (checkout.state === 'SUCCESS' || checkout.state === 'REFUND') return refused.paid()
  if (checkout.state === 'CLOSED') return refused.closed()
  return now >= checkout.expires_at ? refused.orderExpired() : checkout
}

/** All checks. Gives what is to be paid, or the result when the cashier does not open. */
function open(world: CashierWorld, input: CashierInput): Checkout | CashierResult {
  const { timeStamp, nonceStr, package: packageValue, paySign } = input
  for (const [name, value] of Object.entries({ timeStamp, nonceStr, package: packageValue, paySign })) {
    if (typeof value !== 'string') return refused.type(name, value)
  }
  // The loop above has checked that these four are text.
  const fields = { timeStamp, nonceStr, package: packageValue, paySign } as Record<'timeStamp' | 'nonceStr' | 'package' | 'paySign', string>
  if (!/^prepay_id=.+/.test(fields.package)) return refused.packageFormat()
  // An absent signType means MD5 (v2-protocol §4).
  const signType = input.signType ?? 'MD5'
  if (signType !== 'RSA' && signType !== 'MD5' && signType !== 'HMAC-SHA256') return refused.signType(input.signType, 'RSA')

  const checkout = usable(world, fields.package.slice('prepay_id='.length), input.appId)
  if ('errMsg' in checkout) return checkout
  if (signType !== checkout.signType) return refused.signType(input.signType, checkout.signType)
  const unsigned =
    signType === 'RSA' ? checkRsa(world, input.appId, fields, checkout) : checkV2(world, input.appId, fields, checkout, signType)
  if (unsigned) return unsigned
  return input.openid === checkout.payer.openid ? checkout : refused.openid()
}

type Fields = Record<'timeStamp' | 'nonceStr' | 'package' | 'paySign', string>

/** Ten digits. WeChat refuses milliseconds even when they were signed (v3-protocol §15). */
const SECONDS = /^\d{10}$/

function checkRsa({ merchants }: CashierWorld, appId: string, fields: Fields, { mchid }: Checkout): CashierResult | undefined {
  const merchant = merchants.find(mchid)
  const message = requestPaymentMessage(appId, fields.timeStamp, fields.nonceStr, fields.package)
  if (merchant && SECONDS.test(fields.timeStamp) && verify(merchant.publicKey, message, fields.paySign)) return undefined
  return refused.paySign(message.toString('utf8'), fields, merchants, mchid)
}

function checkV2(
  { merchants }: CashierWorld,
  appId: string,
  fields: Fields,
  { mchid }: Checkout,
  signType: SignType,
): CashierResult | undefined {
  const merchant = merchants.find(mchid)
  const signed = merchant && verifyV2RequestPayment({ key: merchant.apiV2Key, signType }, appId, { ...fields, signType })
  if (signed && SECONDS.test(fields.timeStamp)) return undefined
  const { paySign: _, ...rest } = fields
  return refused.paySignV2(v2Message({ appId, ...rest, signType }), fields.timeStamp)
}
