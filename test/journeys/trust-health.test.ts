// D4: /readyz, metrics and log name a merchant whose answers or notifications cannot be verified. Network faults and forged messages accuse no merchant.

import { afterEach, expect, test } from 'vitest'
import { askTheTime } from '../../packages/server/src/jobs/ask-the-time.ts'
import { answeredByWechat } from '../support/wechat-says.ts'
import { aWorld, MINUTE, type TestWorld, type WorldOptions } from '../support/world.ts'

const METRICS_KEY = 'cd_test_metrics_0123456789'

let world: TestWorld
afterEach(() => world.close())

type Config = Parameters<NonNullable<WorldOptions['configure']>>[0]
const shopWith =
  (change: Partial<Config['merchants'][number]>): NonNullable<WorldOptions['configure']> =>
  (config) => ({
    ...config,
    api_keys: [...config.api_keys, { key: METRICS_KEY, merchants: ['shop'], scopes: ['metrics'] }],
    merchants: config.merchants.map((one) => (one.id === 'shop' ? { ...one, ...change } : one)),
  })

async function rounds(): Promise<void> {
  for (let n = 0; n < 3; n++) {
    await askTheTime(world.world)
    await world.clock.advance(10 * MINUTE)
  }
}

interface Ready {
  ok: boolean
  wrong?: string[]
  merchants?: { merchant: string; faults: string[]; detail: string[] }[]
}
const ready = async (language = 'en'): Promise<Ready> =>
  (await (await world.fetch('/readyz', { headers: { 'accept-language': language } })).json()) as Ready
const metric = async (what: string, merchant = 'shop'): Promise<string | undefined> => {
  const text = await (await world.fetch('/metrics', { headers: { authorization: `Bearer ${METRICS_KEY}` } })).text()
  return new RegExp(`^wxpay_merchant_trusted\\{merchant="${merchant}",what="${what}"\\} (.)$`, 'm').exec(text)?.[1]
}

test('D4: a merchant with a wrong key under the id of WeChat’s cannot verify answers and is named; the other is served', async () => {
  let other = ''
  world = await aWorld({
    configure: (config) => {
      const [, mall] = config.merchants
      other = Object.values(mall?.public_keys ?? {})[0] ?? ''
      const [id = ''] = Object.keys(config.merchants[0]?.public_keys ?? {})
      return shopWith({ public_keys: { [id]: other } })(config)
    },
  })
  await rounds()
  expect(await ready()).toMatchObject({
    ok: true,
    merchants: [{ merchant: 'shop', faults: ['answers'], detail: [expect.stringContaining('public_keys') as string] }],
  })
  expect((await ready('zh')).merchants?.[0]?.detail[0]).toContain('无法验签')
  expect([await metric('answers'), await metric('answers', 'mall'), await metric('notifications')]).toEqual(['0', '1', '1'])
  expect(world.logs.find(({ event }) => event === 'merchant.untrusted')?.fields).toEqual({ merchant: 'shop', detail: 'answers' })
})

test('D4: the server is not ready when all merchants have such a key', async () => {
  world = await aWorld({
    configure: (config) => {
      const keys = config.merchants.map((one) => Object.values(one.public_keys)[0] ?? '')
      const swapped = config.merchants.map((one, i) => ({
        ...one,
        public_keys: { [Object.keys(one.public_keys)[0] ?? '']: keys[1 - i] ?? '' },
      }))
      return { ...config, merchants: swapped }
    },
  })
  await rounds()
  await rounds()
  expect(await ready()).toMatchObject({ ok: false, wrong: ['keys'], merchants: [{ merchant: 'shop' }, { merchant: 'mall' }] })
})

test('D4: a merchant with a wrong APIv3 key cannot open WeChat’s notifications and is named', async () => {
  world = await aWorld({ configure: shopWith({ api_v3_key: 'another_key_of_thirty_two_chars_' }) })
  for (let n = 0; n < 3; n++) {
    const resource = { mchid: world.emulator.settings.mchid, out_trade_no: 'X-000001' }
    expect((await world.wechatSays({ resource })).status).toBe(400)
  }
  expect(await ready()).toMatchObject({ ok: true, merchants: [{ merchant: 'shop', faults: ['notifications'] }] })
  expect(await metric('notifications')).toBe('0')
})

test('D4: a merchant whose signature WeChat refuses is named until one call succeeds', async () => {
  const refusing = { on: true }
  world = await aWorld({
    async network(request, wechat) {
      if (!refusing.on || !request.url.includes('/v3/')) return wechat(request)
      return answeredByWechat(world.emulator.keys, world.clock.now(), { status: 401, body: { code: 'SIGN_ERROR', message: '签名错误' } })
    },
  })
  const order = await world.placeOrder()
  for (let n = 0; n < 3; n++) await world.aPhone().cashdesk.pay(order)
  expect(await ready()).toMatchObject({ ok: true, merchants: [{ merchant: 'shop', faults: ['requests'] }] })
  refusing.on = false
  expect((await world.aPhone().cashdesk.pay(order)).status).toBe('paid')
  expect(await ready()).toEqual({ ok: true })
})

test.each<[string, (request: Request) => Promise<Response>]>([
  ['a page of a firewall', async () => new Response('<html>', { status: 200, headers: { 'content-type': 'text/html' } })],
  ['a page with an error', async () => new Response('<html>', { status: 403, headers: { 'content-type': 'text/html' } })],
  ['nothing', () => Promise.reject(new TypeError('network'))],
])('D4: %s in place of WeChat’s answer accuses no key', async (_, network) => {
  world = await aWorld({ network })
  const order = await world.placeOrder()
  for (let n = 0; n < 4; n++) await world.aPhone().cashdesk.pay(order)
  await rounds()
  expect((await ready()).merchants).toBeUndefined()
})

test('D4: forged notifications accuse no key', async () => {
  world = await aWorld()
  for (let n = 0; n < 5; n++) {
    const headers = {
      'Wechatpay-Timestamp': String(Math.floor(world.clock.now() / 1000)),
      'Wechatpay-Nonce': 'n',
      'Wechatpay-Signature': Buffer.alloc(256, n).toString('base64'),
      'Wechatpay-Serial': world.emulator.settings.public_key_id,
    }
    expect((await world.fetch('/wechat/shop/notify/payment', { method: 'POST', headers, body: '{}' })).status).toBe(400)
  }
  expect(await ready()).toEqual({ ok: true })
})
