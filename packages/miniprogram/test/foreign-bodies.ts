// Bodies from gateways, firewalls, captive portals and caches in place of our server, and damaged bodies of ours.

import { FIELDS, ORDER, problem, SESSION } from './phone.ts'

/** Bodies that are not JSON objects, or are objects of another system: foreign to each of the three calls. */
export const FOREIGN: readonly [string, unknown][] = [
  ['an HTML page', '<!doctype html><title>Blocked</title><p>Access denied by the firewall.'],
  ['an empty text', ''],
  ['nothing', undefined],
  ['null', null],
  ['{}', {}],
  ['a text', 'ok'],
  ['a number', 200],
  ['true', true],
  ['an array', []],
  ['an array around our answers', [SESSION, FIELDS, ORDER]],
  ['an envelope around our answers', { code: 0, data: { ...SESSION, ...FIELDS, ...ORDER } }],
  ['a gateway’s success', { code: 0, message: 'success' }],
  ['a gateway’s error', { error: { code: 502, message: 'upstream connect error' } }],
  ['a gateway’s error with a code of ours', { code: 'order_closed', detail: '订单已关闭', message: 'x' }],
  ['a gateway’s RFC 9457 error', { type: 'about:blank', title: 'Bad Gateway', status: 502, code: 'order_closed', detail: 'no upstream' }],
  ['a CDN’s error of another type', { ...problemOf('order_closed', 409), type: 'https://cdn.example/problems/order_closed' }],
  ['a refusal whose type names another code', { ...problemOf('order_closed', 409), code: 'order_paid' }],
  ['a refusal whose code is inherited', Object.create(problemOf('order_closed', 409))],
  ['a refusal without detail', { ...problemOf('order_closed', 409), detail: undefined }],
  ['our answers, inherited', Object.create({ ...SESSION, ...FIELDS, ...ORDER })],
  ['our answers under __proto__', JSON.parse(`{"__proto__":${JSON.stringify({ ...SESSION, ...FIELDS, ...ORDER, state: 'paid' })}}`)],
  ['a page of a megabyte', '<p>'.repeat(350_000)],
  ['an object of many keys', Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]))],
]

function problemOf(code: string, status: number): object {
  return { ...(problem(status, code).data as object) }
}

export const STATUSES = [200, 201, 202, 204, 206, 302, 304, 400, 401, 403, 404, 407, 409, 418, 429, 500, 502, 503, 504, 520] as const

type Damage = readonly [string, Record<string, unknown>]
const WRONG: readonly unknown[] = [undefined, null, '', 0, 1, true, {}, [], ['x'], 'x'.repeat(2000)]

function damaged(whole: Record<string, unknown>, more: readonly Damage[], skip: readonly string[] = []): Damage[] {
  const each = Object.keys(whole)
    .filter((key) => !skip.includes(key))
    .flatMap((key) =>
      WRONG.map((wrong, i): Damage => [`${key} = ${i === 9 ? '2000 x' : JSON.stringify(wrong)}`, { ...whole, [key]: wrong }]),
    )
  return [...each, ...more]
}

/** Bodies of our shape, each with one fault. */
export const DAMAGED = {
  session: damaged(
    SESSION,
    [
      ['a token with a line break', { ...SESSION, token: 'a\r\nx: y' }],
      ['a token with a space', { ...SESSION, token: 'a b' }],
      ['a token in Chinese', { ...SESSION, token: '令牌' }],
    ],
    ['expires_at'],
  ),
  pay: damaged(FIELDS, [
    ['signType MD5', { ...FIELDS, signType: 'MD5' }],
    ['signType RSA2', { ...FIELDS, signType: 'RSA2' }],
    ['package without prepay_id', { ...FIELDS, package: 'wx1' }],
    ['package with an empty prepay_id', { ...FIELDS, package: 'prepay_id=' }],
    ['timeStamp as a date', { ...FIELDS, timeStamp: '2026-01-01T00:00:00Z' }],
    ['timeStamp as a number', { ...FIELDS, timeStamp: 1700000000 }],
  ]),
  order: damaged(
    ORDER,
    [
      ['another order', { ...ORDER, out_trade_no: 'ORDER0002', state: 'paid' }],
      ['a state of another house', { ...ORDER, state: 'SUCCESS' }],
      ['a state with a tail', { ...ORDER, state: 'paid ' }],
      ['a state in an array', { ...ORDER, state: ['paid'] }],
      ['a total in text', { ...ORDER, state: 'paid', amount: { total: '1', currency: 'CNY' } }],
      ['a total in yuan', { ...ORDER, state: 'paid', amount: { total: 0.01, currency: 'CNY' } }],
      ['a negative total', { ...ORDER, state: 'paid', amount: { total: -1, currency: 'CNY' } }],
      ['no total', { ...ORDER, state: 'paid', amount: { currency: 'CNY' } }],
      ['no currency', { ...ORDER, state: 'paid', amount: { total: 1 } }],
      ['paid_at in words', { ...ORDER, state: 'paid', paid_at: 'yesterday' }],
    ],
    ['paid_at'],
  ),
} satisfies Record<string, Damage[]>
