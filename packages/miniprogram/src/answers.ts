// Which bodies are answers of our server. Between it and the phone stand gateways, firewalls and captive portals, and they answer in its place:
// a page for people with status 200, a JSON error of their own. Only a body of exactly our shape is the server's word; anything else is not heard.

import type { PaymentFields } from './host.ts'
import { RequestError } from './request-error.ts'

export interface ClientOrder {
  out_trade_no: string
  description: string
  /** Fen. */
  amount: { total: number; currency: string }
  /** `paid` is the only word for money received. */
  state: string
  /** RFC 3339, or null. */
  paid_at: string | null
}

/** The value, built anew from the fields that are ours; undefined when the body is not of this shape. */
export type Shape<T> = (body: unknown) => T | undefined

/** A token goes into a header, so it is visible ASCII. */
const TOKEN = /^[!-~]+$/
const ANY = /./

/**
 * Own fields only: a `__proto__` in a body lends it nothing. By keys, because Object.hasOwn is younger than the phones; by typeof, because the
 * body may come from another realm.
 */
function field(body: unknown, name: string): unknown {
  return body && typeof body === 'object' && Object.keys(body).indexOf(name) >= 0 ? (body as Record<string, unknown>)[name] : undefined
}

/** No text of ours is longer than 1024 characters; a longer one comes from elsewhere and would fill the phone's storage. */
function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && value.length <= 1024 && form.test(value)
}

/** The named texts and nothing else, or undefined when one is missing or malformed. */
function texts<Name extends string>(body: unknown, forms: Readonly<Record<Name, RegExp>>): Record<Name, string> | undefined {
  const found = {} as Record<Name, string>
  for (const name in forms) {
    const value = field(body, name)
    if (!isText(value, forms[name])) return undefined
    found[name] = value
  }
  return found
}

export function isToken(value: unknown): value is string {
  return isText(value, TOKEN)
}

export const sessionToken: Shape<string> = (body) => {
  const answer = texts(body, { token: TOKEN })
  return answer?.token
}

export const paymentFields: Shape<PaymentFields> = (body) =>
  // The form of signType proves the literal.
  texts(body, { timeStamp: /^\d+$/, nonceStr: ANY, package: /^prepay_id=./, signType: /^RSA$/, paySign: ANY }) as PaymentFields | undefined

/** The answer names the order, so that one kept by a cache for another order is not taken for this one. */
export function clientOrder(out_trade_no: string): Shape<ClientOrder> {
  return (body) => {
    const order = texts(body, {
      out_trade_no: ANY,
      description: ANY,
      state: /^(created|ordering|pending|closing|failed|closed|review|paid)$/,
    })
    const amount = texts(field(body, 'amount'), { currency: ANY })
    const total = field(field(body, 'amount'), 'total')
    const paid_at = field(body, 'paid_at')
    if (!order || order.out_trade_no !== out_trade_no || !amount || typeof total !== 'number' || !(total >= 0) || total % 1)
      return undefined
    return paid_at === null || isText(paid_at, /^\d{4}-\d\d-/) ? { ...order, amount: { ...amount, total }, paid_at } : undefined
  }
}

/**
 * The codes that certainly began no payment. Not among them: order_in_review (money came), wechat_unreachable, store_unavailable, internal
 * (the server does not know either), and whatever a later server may say.
 */
const REFUSALS =
  /^(order_(paid|closed|expired|failed)|wechat_(refused|busy)|session_invalid|login_refused|client_secret_wrong|payer_differs|appid_unknown|not_found|invalid_request|too_many_requests)$/

/** A refusal of ours (problem+json): its type repeats the code, and its status that of HTTP. A gateway's JSON error does neither. */
export function problemIn(status: number, body: unknown): RequestError | undefined {
  const problem = texts(body, { type: ANY, code: ANY, detail: ANY })
  if (!problem || status < 400 || field(body, 'status') !== status) return undefined
  const { type, code, detail } = problem
  if (type !== `https://cashdesk.dev/problems/${code}`) return undefined
  const buyer = texts(field(body, 'buyer'), { zh: ANY, en: ANY })
  return new RequestError(status, code, detail, REFUSALS.test(code), buyer && [buyer.zh, buyer.en])
}
