// What is stored while an outcome is open, when the server is asked, and that no error of the platform makes pay() reject.

import { describe, expect, test } from 'vitest'
import { type TaroLike, taroHost, type UniLike, uniHost, type WxLike, wxHost } from '../src/index.ts'
import { type Answer, aPhone, callOf, deskOf, good, INPUT, MARK, type Phone, problem, TOKEN } from './phone.ts'

const GATEWAY: Answer = { status: 200, data: '<p>Blocked' }

/** A healthy server that gives these answers about the order in turn; the last one is repeated. */
function looking(looks: readonly (string | Answer)[], said: string, pay: Answer = good('pay')): Phone {
  let look = 0
  return aPhone(
    async (asked) => {
      const call = callOf(asked)
      if (call === 'pay') return pay
      const next = looks[Math.min(look, looks.length - 1)]
      if (call === 'order') look++
      return call === 'session' ? good(call) : typeof next === 'object' ? next : good(call, next)
    },
    { errMsg: said },
  )
}

describe('a failed login is not shared by later calls', () => {
  test('C2: after a failed wx.login the next payment logs in again', async () => {
    const phone = looking(['paid'], 'requestPayment:ok')
    const { login } = phone.host
    phone.host.login = () => Promise.reject({ errMsg: 'login:fail' })
    const desk = deskOf(phone)
    const [first, second] = await Promise.all([desk.pay(INPUT), desk.login().catch((error: unknown) => error)])
    expect(first).toMatchObject({ status: 'failed', error: { errMsg: 'login:fail' } })
    expect(second).toEqual({ errMsg: 'login:fail' })
    expect(phone.storage.size).toBe(0)
    phone.host.login = login
    expect(await desk.pay(INPUT)).toMatchObject({ status: 'paid' })
  })

  test('C2: after a session request without an answer the next payment logs in again', async () => {
    let answer = GATEWAY
    const phone = aPhone(async (asked) => (callOf(asked) === 'session' ? answer : good(callOf(asked), 'paid')))
    const desk = deskOf(phone)
    expect((await desk.pay(INPUT)).status).toBe('pending')
    answer = good('session')
    expect((await desk.pay(INPUT)).status).toBe('paid')
    expect(phone.logins).toBe(2)
  })
})

describe('the last check decides', () => {
  test('C2: a gateway’s page after “no payment known” leaves a cancelled payment pending, with the order as last seen', async () => {
    const phone = looking(['pending', GATEWAY], 'requestPayment:fail cancel')
    expect(await deskOf(phone).pay(INPUT)).toMatchObject({ status: 'pending', order: { state: 'pending' }, error: { errMsg: 'not_heard' } })
    expect(phone.storage.get(MARK)).toBe('ORDER0001')
  })

  test('the server’s answer after a gateway’s page decides', async () => {
    const phone = looking([GATEWAY, 'pending'], 'requestPayment:fail cancel')
    expect((await deskOf(phone).pay(INPUT)).status).toBe('cancelled')
    expect(phone.storage.has(MARK)).toBe(false)
    expect((await deskOf(looking([GATEWAY, 'paid'], 'requestPayment:ok')).pay(INPUT)).status).toBe('paid')
  })

  test.each([
    ['requestPayment:ok', 'pending', [500, 1000, 2000, 3000]],
    ['requestPayment:fail cancel', 'pending', [1000]],
    ['requestPayment:fail', 'pending', [1000]],
    ['requestPayment:ok', 'paid', []],
    ['requestPayment:ok', 'closed', []],
    ['requestPayment:ok', 'failed', []],
    ['requestPayment:ok', 'review', []],
    ['requestPayment:ok', 'closing', [500, 1000, 2000, 3000]],
  ])('after %s, order %s: the pauses are %j', async (said, state, pauses) => {
    const phone = looking([state], said)
    await deskOf(phone).pay(INPUT)
    expect(phone.waited).toEqual(pauses)
    const result = said.slice('requestPayment:'.length).replace('fail cancel', 'cancel')
    expect(phone.asked.at(-1)?.url).toBe(`https://pay.example.com/client/v1/orders/ORDER0001?client_result=${result}`)
  })
})

describe('the mark of an open payment', () => {
  test.each([
    ['paid', 'requestPayment:ok', false],
    ['closed', 'requestPayment:ok', false],
    ['pending', 'requestPayment:fail cancel', false],
    ['pending', 'requestPayment:fail', false],
    ['pending', 'requestPayment:ok', true],
    ['review', 'requestPayment:ok', true],
  ])('order %s after %s: kept = %s', async (state, said, kept) => {
    const phone = looking([state], said)
    await deskOf(phone).pay(INPUT)
    expect(phone.storage.has(MARK)).toBe(kept)
  })

  test('is stored before the cashier opens', async () => {
    const phone = looking(['paid'], 'requestPayment:ok')
    let atCashier: string | undefined
    phone.host.requestPayment = async () => {
      atCashier = phone.storage.get(MARK)
      return { errMsg: 'requestPayment:ok' }
    }
    await deskOf(phone).pay(INPUT)
    expect(atCashier).toBe('ORDER0001')
  })

  test('C2: is neither removed nor replaced by a payment of another order that showed no cashier', async () => {
    for (const pay of [GATEWAY, problem(409, 'order_paid'), problem(409, 'order_expired')]) {
      const phone = looking(['paid'], 'requestPayment:ok', pay)
      phone.storage.set(MARK, 'OTHER-0001')
      await deskOf(phone).pay(INPUT)
      expect(phone.storage.get(MARK)).toBe('OTHER-0001')
    }
  })

  test('C2: makes a refusal ask the server first, because an earlier attempt is still open', async () => {
    for (const [state, status, kept] of [
      ['paid', 'paid', false],
      ['pending', 'pending', true],
      ['closed', 'failed', false],
    ] as const) {
      const phone = looking([state], 'requestPayment:ok', problem(409, 'order_expired'))
      phone.storage.set(MARK, 'ORDER0001')
      expect((await deskOf(phone).pay(INPUT)).status).toBe(status)
      expect(phone.storage.has(MARK)).toBe(kept)
      expect(phone.paid).toEqual([])
    }
    const unheard = looking([GATEWAY], 'requestPayment:ok', problem(409, 'order_expired'))
    unheard.storage.set(MARK, 'ORDER0001')
    expect((await deskOf(unheard).pay(INPUT)).status).toBe('pending')
    expect(unheard.waited).toEqual([1000])
  })

  test('C2: is kept by resume() while a gateway answers, which asks twice', async () => {
    const phone = looking([GATEWAY], 'requestPayment:ok')
    phone.storage.set(MARK, 'ORDER0001')
    expect(await deskOf(phone).resume()).toMatchObject({ status: 'pending', error: { errMsg: 'not_heard' } })
    expect(phone.waited).toEqual([1000])
    expect(phone.storage.get(MARK)).toBe('ORDER0001')
  })

  test('resume() does not touch a running payment', async () => {
    const phone = looking(['paid'], 'requestPayment:ok')
    const desk = deskOf(phone)
    let resumed: unknown = 'not called'
    phone.host.requestPayment = async () => {
      resumed = await desk.resume()
      return { errMsg: 'requestPayment:ok' }
    }
    await desk.pay(INPUT)
    expect(resumed).toBeUndefined()
  })

  test('an order number with special characters is sent encoded', async () => {
    const phone = aPhone(async (asked) => good(callOf(asked)))
    await deskOf(phone, 'https://pay.example.com//').pay({ out_trade_no: 'A|B*/?', client_secret: 'cs' })
    expect(phone.asked[1]?.url).toBe('https://pay.example.com/client/v1/orders/A%7CB*%2F%3F/pay')
    expect(phone.asked[1]?.header).toEqual({
      'content-type': 'application/json',
      'accept-language': 'zh-CN',
      authorization: 'Bearer token-1',
    })
  })
})

describe('pay() never rejects', () => {
  const bad: readonly [string, () => Promise<never>][] = [
    ['rejects', () => Promise.reject(new Error('boom'))],
    [
      'throws',
      () => {
        throw new TypeError('requestPayment is not a function')
      },
    ],
    ['resolves with nothing', () => Promise.resolve(undefined as never)],
    ['resolves with an object of its own', () => Promise.resolve({ errMsg: 1 } as never)],
  ]
  test.each(bad)('C2: when requestPayment %s, the server is asked', async (_, requestPayment) => {
    for (const [state, status] of [
      ['paid', 'paid'],
      ['pending', 'failed'],
    ] as const) {
      const phone = looking([state], '')
      phone.host.requestPayment = requestPayment
      expect((await deskOf(phone).pay(INPUT)).status).toBe(status)
    }
  })

  test('C2: a host that resolves without an answer, or cannot wait, leaves the payment pending', async () => {
    const phone = looking(['pending'], 'requestPayment:ok')
    phone.host.wait = () => Promise.reject(new Error('no timers'))
    expect((await deskOf(phone).pay(INPUT)).status).toBe('pending')
  })

  const full = () => {
    throw new Error('setStorageSync:fail exceed max size')
  }
  const storage = { getStorageSync: full, setStorageSync: full, removeStorageSync: full }
  test.each([
    ['wx', wxHost(storage as unknown as WxLike)],
    ['uni', uniHost(storage as unknown as UniLike)],
    ['Taro', taroHost(storage as unknown as TaroLike)],
  ])('C2: on %s storage that throws does not stop a payment', async (_, { read, write, remove }) => {
    const phone = looking(['paid'], 'requestPayment:ok')
    Object.assign(phone.host, { read, write, remove })
    const desk = deskOf(phone)
    expect((await desk.pay(INPUT)).status).toBe('paid')
    expect(await desk.resume()).toBeUndefined()
    expect(phone.storage.has(TOKEN)).toBe(false)
  })
})
