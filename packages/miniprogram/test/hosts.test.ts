// The three platforms: each host passes the five fields on unchanged, and understands every answer of its platform. The platforms are ports, so they are
// written by hand here.

import { describe, expect, test } from 'vitest'
import { type Host, type Said, type TaroLike, taroHost, type UniLike, uniHost, type WxLike, wxHost } from '../src/index.ts'

const FIELDS = { timeStamp: '1700000000', nonceStr: 'n', package: 'prepay_id=wx1', signType: 'RSA', paySign: 's' } as const

interface Platform {
  /** The arguments of requestPayment, login and request. */
  given: Record<string, unknown>[]
  /** Their answers. */
  says: { payment: Said; code?: string; answer?: { statusCode: number; data: unknown } }
  storage: Map<string, unknown>
}

type Callbacks = { success(result: unknown): void; fail(error: unknown): void }

const FAILED = { errMsg: 'fail', errno: 5 }

/** The callbacks that wx and uni have in common. */
function byCallback({ given, says, storage }: Platform) {
  const reply = (options: Callbacks & object, result: unknown, ok: boolean): void => {
    const { success, fail, ...rest } = options
    given.push(rest)
    if (ok) success(result)
    else fail(result)
  }
  return {
    login: (options: Callbacks) => reply(options, says.code === undefined ? FAILED : { code: says.code }, says.code !== undefined),
    request: (options: Callbacks) => reply(options, says.answer ?? FAILED, says.answer !== undefined),
    requestPayment: (options: Callbacks) => reply(options, says.payment, says.payment.errMsg === 'requestPayment:ok'),
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: string) => void storage.set(key, value),
    removeStorageSync: (key: string) => void storage.delete(key),
  }
}

/** Taro's functions return promises, which reject with the same objects. */
function byPromise(platform: Platform): TaroLike {
  const over = byCallback(platform)
  const promised = (call: (options: Callbacks) => void) => (options?: object) =>
    new Promise<unknown>((success, fail) => call({ ...options, success, fail }))
  return {
    ...over,
    login: promised(over.login),
    request: promised(over.request),
    requestPayment: promised(over.requestPayment),
  } as TaroLike
}

const HOSTS: readonly [string, (platform: Platform) => Host, Record<string, unknown>][] = [
  ['wx', (platform) => wxHost(byCallback(platform) as WxLike), {}],
  ['uni', (platform) => uniHost(byCallback(platform) as UniLike), { provider: 'wxpay', orderInfo: '' }],
  ['Taro', (platform) => taroHost(byPromise(platform)), {}],
]

describe.each(HOSTS)('%s', (_, hostOf, more) => {
  const aPlatform = (payment: string, rest: Partial<Platform['says']> = {}): Platform => ({
    given: [],
    says: { payment: { errMsg: payment }, ...rest },
    storage: new Map(),
  })

  test.each(['requestPayment:ok', 'requestPayment:fail cancel', 'requestPayment:fail'])('requestPayment reports %s', async (errMsg) => {
    const platform = aPlatform(errMsg)
    expect(await hostOf(platform).requestPayment(FIELDS)).toEqual({ errMsg })
    expect(platform.given).toEqual([{ ...FIELDS, ...more }])
  })

  test('login returns the code, or rejects with the platform’s error', async () => {
    expect(await hostOf(aPlatform('', { code: 'c1' })).login()).toBe('c1')
    await expect(hostOf(aPlatform('')).login()).rejects.toEqual(FAILED)
  })

  test('request resolves for any status, and rejects when there is no answer', async () => {
    const asked = { method: 'POST', url: 'https://pay.example.com/x', header: { a: 'b' }, data: { c: 1 } } as const
    const platform = aPlatform('', { answer: { statusCode: 409, data: { code: 'order_paid' } } })
    expect(await hostOf(platform).request(asked)).toEqual({ status: 409, data: { code: 'order_paid' } })
    expect(platform.given).toEqual([asked])
    await expect(hostOf(aPlatform('')).request(asked)).rejects.toEqual(FAILED)
  })

  test('storage keeps texts, and returns undefined for a missing key', () => {
    const platform = aPlatform('')
    const host = hostOf(platform)
    expect(host.read('k')).toBeUndefined()
    host.write('k', 'v')
    expect(host.read('k')).toBe('v')
    host.remove('k')
    expect(host.read('k')).toBeUndefined()
    platform.storage.set('k', { not: 'ours' })
    expect(host.read('k')).toBeUndefined()
  })
})
