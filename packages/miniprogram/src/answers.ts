// Recognises our server's answers. Gateways, firewalls and captive portals between server and phone may answer in its place: with a page for people
// and status 200, or with a JSON error of their own. Only a body of exactly our shape is taken as the server's answer; any other counts as no answer.

import type { PaymentFields } from './host.ts'
import { RequestError } from './request-error.ts'

export interface ClientOrder {
  out_trade_no: string
  description: string
  /** Fen. */
  amount: { total: number; currency: string }
  /** Only `paid` means that money was received. */
  state: string
  /** RFC 3339, or null. */
  paid_at: string | null
}

/** The value, rebuilt from the known fields, or undefined if the body does not have this shape. */
export type Shape<T> = (body: unknown) => T | undefined

/** A token is sent in a header, so it must be visible ASCII. */
const TOKEN = /^[!-~]+$/
const ANY = /./

/**
 * Own fields only, so that a `__proto__` in a body adds none. Object.keys, because old phones lack Object.hasOwn; typeof, because the
 * body may come from another realm.
 */
function field(body: unknown, name: string): unknown {
  return body && typeof body === 'object' && Object.keys(body).indexOf(name) >= 0 ? (body as Record<string, unknown>)[name] : undefined
}

/** Our texts have at most 1024 characters. A longer one is not ours, and would fill the phone's storage. */
function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && value.length <= 1024 && form.test(value)
}

/** The named texts and nothing else; undefined if one is missing or malformed. */
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
  // The pattern of signType proves the literal type.
  texts(body, { timeStamp: /^\d+$/, nonceStr: ANY, package: /^prepay_id=./, signType: /^RSA$/, paySign: ANY }) as PaymentFields | undefined

/** Checks the order's number too, so that a cached answer about another order is not taken. */
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
 * Codes after which certainly no payment began. Not among them: order_in_review (money came), wechat_unreachable, store_unavailable, internal
 * (the server does not know either), and codes of later server versions.
 */
const REFUSALS =
  /^(order_(paid|closed|expired|failed)|wechat_(refused|busy)|session_invalid|login_refused|client_secret_wrong|payer_differs|appid_unknown|not_found|invalid_request|too_many_requests)$/

/** A refusal of our server (problem+json): its type repeats the code, and its `status` the HTTP status. A gateway's JSON error does neither. */
export function problemIn(status: number, body: unknown): RequestError | undefined {
  const problem = texts(body, { type: ANY, code: ANY, detail: ANY })
  if (!problem || status < 400 || field(body, 'status') !== status) return undefined
  const { type, code, detail } = problem
  if (type !== `https://cashdesk.dev/problems/${code}`) return undefined
  const buyer = texts(field(body, 'buyer'), { zh: ANY, en: ANY })
  return new RequestError(status, code, detail, REFUSALS.test(code), buyer && [buyer.zh, buyer.en])
}
