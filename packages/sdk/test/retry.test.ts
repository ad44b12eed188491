// Repeating: only where it is safe, freshly signed, on the next host after a network failure, and never beyond the deadline.

import { describe, expect, test } from 'vitest'
import type { AttemptEnd, AttemptStart, Fetch } from '../src/index.ts'
import { aWechat, type Wechat } from './wechat.ts'

const HOSTS = ['https://near.test', 'https://far.test']

/** A client that repeats; `network` decides by the number of the request. Moves the clock until the call has ended. */
async function calling<T>(
  network: (count: number, request: Request, next: Fetch) => Promise<Response>,
  act: (wechat: Wechat, client: ReturnType<Wechat['client']>) => Promise<T>,
  retries = 2,
) {
  let count = 0
  const hosts: string[] = []
  const signatures: string[] = []
  const bodies: string[] = []
  const wechat = await aWechat(async (request, next) => {
    hosts.push(new URL(request.url).hostname)
    signatures.push(request.headers.get('authorization') ?? '')
    bodies.push(await request.clone().text())
    return network(++count, request, next)
  })
  const client = wechat.client({ retries, baseURL: HOSTS })
  const result = await Promise.race([
    act(wechat, client).then(
      (value) => ({ value, error: undefined }),
      (error: unknown) => ({ value: undefined, error }),
    ),
    forever(wechat),
  ])
  return { ...result, hosts, signatures, bodies, wechat }
}

/** Virtual time goes on while the call waits, five times as fast as ours: RSA works in real time, and must not meet a virtual deadline. */
async function forever(wechat: Wechat): Promise<never> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    await wechat.clock.advance(50)
  }
}

const fails = () => Promise.reject(new TypeError('fetch failed'))
const order = (wechat: Wechat, client: ReturnType<Wechat['client']>) => client.transactions.jsapi(wechat.order())

test('after a network failure: the other host, the same bytes, a fresh signature', async () => {
  const { value, hosts, signatures, bodies } = await calling((count, request, next) => (count === 1 ? fails() : next(request)), order)
  expect(value).toHaveProperty('prepay_id')
  expect(hosts).toEqual(['near.test', 'far.test'])
  expect(new Set(signatures).size).toBe(2)
  expect(new Set(bodies).size).toBe(1)
})

test('three failures are the end, and unknown', async () => {
  const { error, hosts } = await calling(fails, order)
  expect(error).toMatchObject({ code: 'ERR_NETWORK', outcome: 'unknown' })
  expect(hosts).toEqual(['near.test', 'far.test', 'near.test'])
})

test.each([
  ['answer.http_500', 2],
  ['answer.lost', 2],
  ['request.lost', 2],
] as const)('%s is repeated', async (fault, times) => {
  const { value, hosts } = await calling(
    (_, request, next) => next(request),
    (wechat, client) => {
      wechat.emulator.faults.add({ fault })
      return order(wechat, client)
    },
  )
  expect(value).toHaveProperty('prepay_id')
  expect(hosts).toHaveLength(times)
  // 5xx is WeChat's answer: it comes from the same host again. A connection that broke goes to the other.
  expect(hosts[1]).toBe(fault === 'answer.http_500' ? 'near.test' : 'far.test')
})

describe('429 is obeyed', () => {
  const limited = (headers: Record<string, string>) => async () =>
    new Response('{"code":"FREQUENCY_LIMITED","message":"频率超限"}', { status: 429, headers })

  test('by Retry-After', async () => {
    const { value, wechat, hosts } = await calling(
      (count, request, next) => (count === 1 ? limited({ 'retry-after': '3' })() : next(request)),
      order,
    )
    expect(value).toHaveProperty('prepay_id')
    expect(hosts).toHaveLength(2)
    expect(wechat.clock.now() - Date.parse('2026-11-24T02:00:00Z')).toBeGreaterThanOrEqual(3000)
  })

  test('and not beyond the deadline', async () => {
    const { error, hosts } = await calling(limited({ 'retry-after': '60' }), order)
    expect(error).toMatchObject({ refusal: { status: 429, retry_after_s: 60 } })
    expect(hosts).toHaveLength(1)
  })
})

test.each([
  ['answer.unsigned', 'ERR_ANSWER_UNTRUSTED'],
  ['answer.wrong_serial', 'ERR_ANSWER_UNTRUSTED'],
  ['answer.bad_signature', 'ERR_ANSWER_UNTRUSTED'],
] as const)('D10: %s is never repeated', async (fault, code) => {
  const { error, hosts } = await calling(
    (_, request, next) => next(request),
    (wechat, client) => {
      wechat.emulator.faults.add({ fault, times: 9 })
      return order(wechat, client)
    },
  )
  expect(error).toMatchObject({ code })
  expect(hosts).toEqual(['near.test'])
})

test('a plain no is never repeated', async () => {
  const { error, hosts } = await calling(
    (_, request, next) => next(request),
    (_, client) => client.transactions.byOutTradeNo('NEVER-0001'),
  )
  expect(error).toMatchObject({ outcome: 'refused' })
  expect(hosts).toHaveLength(1)
})

test('an unknown call goes out once: nobody knows what repeating it does', async () => {
  const { error, hosts } = await calling(fails, (_, client) => client.request('POST', '/v3/something/new', { body: { a: 1 } }))
  expect(error).toMatchObject({ code: 'ERR_NETWORK' })
  expect(hosts).toHaveLength(1)
})

test('each attempt has its limit, the call has its own', async () => {
  const { error, hosts, wechat } = await calling(
    () => new Promise(() => {}),
    (w, client) => client.transactions.jsapi(w.order()),
  )
  expect(error).toMatchObject({ code: 'ERR_DEADLINE' })
  expect(hosts.length).toBeGreaterThan(1)
  expect(wechat.clock.now() - Date.parse('2026-11-24T02:00:00Z')).toBeLessThanOrEqual(10_200)
})

test('an AbortSignal ends the call, and the outcome is unknown', async () => {
  const abort = new AbortController()
  const { error, hosts } = await calling(
    () => new Promise(() => {}),
    (_, client) => {
      setImmediate(() => abort.abort())
      return client.request('GET', '/v3/certificates', { signal: abort.signal })
    },
  )
  expect(error).toMatchObject({ code: 'ERR_ABORTED', outcome: 'unknown' })
  expect(hosts.length).toBeLessThanOrEqual(1)
})

test('hooks see each attempt, and no secret', async () => {
  const seen: (AttemptStart & AttemptEnd)[] = []
  const wechat = await aWechat()
  const client = wechat.client({ hooks: { attempt: (start) => (end) => void seen.push({ ...start, ...end }) } })
  const placed = wechat.order()
  await client.transactions.jsapi(placed)
  await client.transactions.byOutTradeNo('NEVER-0001').catch(() => {})
  expect(seen).toMatchObject([
    {
      method: 'POST',
      path: '/v3/pay/transactions/jsapi',
      host: 'https://wechat.test',
      attempt: 1,
      status: 200,
      request_id: expect.any(String),
    },
    { method: 'GET', path: '/v3/pay/transactions/out-trade-no/NEVER-0001', status: 404 },
  ])
  const text = JSON.stringify(seen)
  for (const secret of [placed.payer.openid, wechat.emulator.settings.api_v3_key, 'mchid=', 'WECHATPAY2'])
    expect(text).not.toContain(secret)
})

describe('C10: after an attempt that may have happened', () => {
  test.each([401, 429])('a %i of a later attempt does not say that nothing happened', async (status) => {
    const refused = async () => new Response('{"code":"X","message":"x"}', { status })
    const { error, hosts } = await calling((count) => (count === 1 ? fails() : refused()), order, 1)
    expect(hosts).toHaveLength(2)
    expect(error).toMatchObject({ outcome: 'unknown', refusal: { status } })
  })

  test('a signed verdict on the order still counts: WeChat answers by the number', async () => {
    const { error } = await calling(
      (count, request, next) => (count === 1 ? fails() : next(request)),
      (wechat, client) => client.transactions.jsapi(wechat.order({ description: 'sentinel:PARAM_ERROR' })),
      1,
    )
    expect(error).toMatchObject({ outcome: 'refused', refusal: { signed: true } })
  })

  test('a signer that fails is not the answer', async () => {
    let signed = 0
    const { error } = await calling(
      fails,
      (wechat) => {
        const sign = () => (++signed === 1 ? Promise.resolve('c2ln') : Promise.reject(new Error('the KMS is away')))
        const client = wechat.client({ retries: 2, baseURL: HOSTS, signer: { serial_no: wechat.emulator.settings.merchant_serial, sign } })
        return client.transactions.jsapi(wechat.order())
      },
      1,
    )
    expect(error).toMatchObject({ code: 'ERR_NETWORK', outcome: 'unknown' })
  })

  test('a lone 401 is a refusal', async () => {
    const { error } = await calling(async () => new Response('{"code":"SIGN_ERROR"}', { status: 401 }), order)
    expect(error).toMatchObject({ outcome: 'refused', refusal: { status: 401 } })
  })
})
