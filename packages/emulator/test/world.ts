// Builders for the tests: a WeChat under a virtual clock, merchants who sign real requests, and an endpoint that takes notifications.

import {
  type Authorization,
  apiV3Key,
  assertPlausible,
  assertSigned,
  certificate,
  formatAuthorization,
  openNotification,
  privateKey,
  publicKey,
  readAnswerSignature,
  requestMessage,
  requestPayment,
  sign,
} from '@cashdesk/protocol'
import { afterEach, expect } from 'vitest'
import { buildEmulator } from '../src/emulator.ts'
import {
  type Emulator,
  type EmulatorKeys,
  type EmulatorOptions,
  type EmulatorSettings,
  generateKeys,
  type MerchantKeySettings,
  type VirtualClock,
  virtualClock,
} from '../src/index.ts'
import { answerConforms, notificationConforms } from './conforms.ts'
import { mirrored } from './mirror.ts'

/** 2026-11-24T10:00:00+08:00 */
export const START = Date.UTC(2026, 10, 24, 2)
export const SECONDS = 1000
export const MINUTES = 60 * SECONDS
export const HOURS = 60 * MINUTES

let keys: Promise<EmulatorKeys> | undefined

/** Notifications that are not as the spec says. An error thrown to the emulator would only be an attempt that failed. */
const odd: string[] = []
afterEach(() => {
  expect(odd.splice(0)).toEqual([])
})

export interface World {
  emulator: Emulator
  clock: VirtualClock
  shop: Merchant
  provider: Merchant
  endpoint: Endpoint
}

export async function aWorld(options: EmulatorOptions = {}): Promise<World> {
  keys ??= generateKeys(START)
  const clock = virtualClock(START)
  const endpoint = anEndpoint()
  const emulator = mirrored(
    await buildEmulator({ clock, keys: await keys, fetch: endpoint.fetch, baseUrl: 'http://wechat.test', ...options }),
  )
  const { settings } = emulator
  endpoint.settings = settings
  return {
    emulator,
    clock,
    endpoint,
    shop: aMerchant(emulator, clock, settings.mchid, settings),
    provider: aMerchant(emulator, clock, settings.sp.sp_mchid, settings.sp),
  }
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** X-Emulator-Why: why the emulator refused. */
  why?: string | null
  // Tests read whatever the answer says; a wrong shape fails the expectation.
  body: Record<string, unknown>
}

export interface CallOptions {
  /** Headers beside or instead of the usual ones; `null` leaves one out. */
  headers?: Record<string, string | null>
  authorization?: Partial<Authorization>
  /** Signs this text instead of the right one. */
  message?: string
  key?: string
}

export interface Merchant {
  call(method: string, target: string, body?: unknown, options?: CallOptions): Promise<Answer>
  /** As `call`, with the answer unread. */
  send(method: string, target: string, body?: unknown, options?: CallOptions): Promise<Response>
  /** A signed GET whose answer is a file. */
  download(target: string): Promise<Response>
  /** Throws what the protocol package throws when the answer is not signed by the key that was asked for. */
  verified(answer: Answer): Answer
  open(body: Uint8Array): Record<string, unknown>
  paymentFields(appid: string, prepay_id: string): Promise<Awaited<ReturnType<typeof requestPayment>>>
}

export function aMerchant(
  emulator: Pick<Emulator, 'fetch' | 'settings'>,
  clock: { now(): number },
  mchid: string,
  keys: MerchantKeySettings,
): Merchant {
  let count = 0
  const send = async (method: string, target: string, body?: unknown, options: CallOptions = {}): Promise<Response> => {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const timestamp = options.authorization?.timestamp ?? String(Math.floor(clock.now() / 1000))
    count += 1
    const nonce_str = options.authorization?.nonce_str ?? `nonce${count}`
    const message =
      options.message === undefined ? requestMessage(method, target, timestamp, nonce_str, text) : Buffer.from(options.message)
    const signature = await sign(privateKey(options.key ?? keys.merchant_key), message)
    const authorization = { mchid, serial_no: keys.merchant_serial, nonce_str, timestamp, signature, ...options.authorization }
    const headers = new Headers({
      Accept: 'application/json',
      'User-Agent': 'test',
      'Wechatpay-Serial': keys.keys === 'certificate' ? keys.platform_serial : keys.public_key_id,
      Authorization: formatAuthorization(authorization),
      ...(text !== '' && { 'Content-Type': 'application/json' }),
    })
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      if (value === null) headers.delete(name)
      else headers.set(name, value)
    }
    const url = `${emulator.settings.base_url}${target}`
    const response = await emulator.fetch(new Request(url, { method, headers, ...(text !== '' && { body: text }) }))
    if (isWhole(response)) answerConforms(method, target, await response.clone().text())
    return response
  }
  return {
    call: async (method, target, body, options) => answerOf(await send(method, target, body, options)),
    send,
    download: (target) => send('GET', target),
    verified(answer) {
      const signature = readAnswerSignature(answer.headers)
      assertPlausible(signature, clock.now())
      const key = signature.serial === keys.public_key_id ? publicKey(keys.public_key) : certificate(keys.platform_cert).publicKey
      assertSigned(signature, Buffer.from(answer.text), key)
      return answer
    },
    open: (body) => openNotification(body, [apiV3Key(keys.api_v3_key)]).resource as Record<string, unknown>,
    paymentFields: (appid, prepay_id) =>
      requestPayment({ appid, prepay_id, nonceStr: 'abc', now: clock.now() }, (message) => sign(privateKey(keys.merchant_key), message)),
  }
}

/** Whether the answer is a JSON text that a fault has not cut: that of a slow or cut one cannot be read here. */
function isWhole({ status, headers }: Response): boolean {
  return status === 200 && headers.get('Content-Type')?.startsWith('application/json') === true && !headers.has('Content-Length')
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const { status, headers } = response
  return { status, headers, why: headers.get('X-Emulator-Why'), text, body: text === '' ? {} : JSON.parse(text) }
}

export interface Endpoint {
  fetch(request: Request): Promise<Response>
  received: { url: string; headers: Headers; body: Uint8Array }[]
  /** With them, every notification is held to the spec. */
  settings?: EmulatorSettings
  /** What it answers; a function may also throw or hang. */
  answer: () => Response | Promise<Response>
}

function anEndpoint(): Endpoint {
  const endpoint: Endpoint = {
    received: [],
    answer: () => new Response(null, { status: 204 }),
    async fetch(request) {
      const body = new Uint8Array(await request.arrayBuffer())
      endpoint.received.push({ url: request.url, headers: request.headers, body })
      try {
        if (endpoint.settings) notificationConforms(endpoint.settings, body)
      } catch (error) {
        odd.push(String(error))
      }
      return endpoint.answer()
    },
  }
  return endpoint
}

const ORDER = { description: '一杯咖啡', notify_url: 'https://shop.test/notify', amount: { total: 100 } }

/** A direct order of the first user. */
export function anOrder({ emulator }: Pick<World, 'emulator'>, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { appid, mchid, users } = emulator.settings
  return { ...ORDER, appid, mchid, out_trade_no: 'order-0001', payer: { openid: users[0]?.openid }, ...more }
}

/** A partner order, paid in the sub-merchant's mini program. */
export function aPartnerOrder({ emulator }: Pick<World, 'emulator'>, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { sp_appid, sp_mchid, sub_appid, sub_mchid } = emulator.settings.sp
  const sub_openid = emulator.settings.users[0]?.openids[sub_appid]
  return { ...ORDER, sp_appid, sp_mchid, sub_appid, sub_mchid, out_trade_no: 'partner-0001', payer: { sub_openid }, ...more }
}

export const JSAPI = '/v3/pay/transactions/jsapi'
export const PARTNER_JSAPI = '/v3/pay/partner/transactions/jsapi'

/** Places a direct order and gives its prepay_id. */
export async function place(world: World, more: Record<string, unknown> = {}): Promise<string> {
  const { body } = await world.shop.call('POST', JSAPI, anOrder(world, more))
  return String(body['prepay_id'])
}

/** Places and pays a direct order; the notification is due, not delivered. */
export async function pay(world: World, more: Record<string, unknown> = {}): Promise<void> {
  const { appid, users } = world.emulator.settings
  const fields = await world.shop.paymentFields(appid, await place(world, more))
  world.emulator.cashier({ appId: appid, openid: users[0]?.openid ?? '', ...fields })
}

export function query(world: World, out_trade_no = 'order-0001'): Promise<Answer> {
  return world.shop.call('GET', `/v3/pay/transactions/out-trade-no/${out_trade_no}?mchid=${world.emulator.settings.mchid}`)
}

export const REFUNDS = '/v3/refund/domestic/refunds'

/** A refund of the whole of `pay`'s order. */
export function refund({ shop }: World, more: Record<string, unknown> = {}): Promise<Answer> {
  const amount = { refund: 100, total: 100, currency: 'CNY' }
  const notify_url = 'https://shop.test/refunded'
  return shop.call('POST', REFUNDS, { out_trade_no: 'order-0001', out_refund_no: 'refund-1', notify_url, amount, ...more })
}

/** Calls the control API. */
export async function control({ emulator }: World, method: string, path: string, body?: unknown): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const url = `${emulator.settings.base_url}/_emulator${path}`
  return answerOf(await emulator.fetch(new Request(url, { method, ...(body !== undefined && { body: text }) })))
}

/** The newest thing that the endpoint received, opened with this merchant's key. */
export function newest({ endpoint }: World, merchant: Merchant): { envelope: Record<string, unknown>; resource: Record<string, unknown> } {
  const { body } = endpoint.received.at(-1) ?? { body: Buffer.from('{}') }
  return { envelope: JSON.parse(Buffer.from(body).toString('utf8')), resource: merchant.open(body) }
}

/** Places and pays a partner order. */
export async function payPartner(world: World, more: Record<string, unknown> = {}): Promise<void> {
  const { sub_appid } = world.emulator.settings.sp
  const { body } = await world.provider.call('POST', PARTNER_JSAPI, aPartnerOrder(world, more))
  const fields = await world.provider.paymentFields(sub_appid, String(body['prepay_id']))
  world.emulator.cashier({ appId: sub_appid, openid: world.emulator.settings.users[0]?.openids[sub_appid] ?? '', ...fields })
}
