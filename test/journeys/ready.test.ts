// /readyz names what is wrong; above all the clock, because nothing works with a wrong clock and nobody sees why (F5, F2).

import { ConfigError, checkConfig } from '@cashdesk/server'
import { configForEmulator } from 'cashdesk'
import { afterEach, describe, expect, test } from 'vitest'
import { warnOfExpiry } from '../../packages/server/src/health/certificates.ts'
import { createLag } from '../../packages/server/src/health/lag.ts'
import { askTheTime } from '../../packages/server/src/jobs/ask-the-time.ts'
import { aWorld, HOUR, MINUTE, type TestWorld, type WorldOptions } from '../support/world.ts'

const DAY = 24 * HOUR
let world: TestWorld
const theWorld = async (options: WorldOptions = {}): Promise<TestWorld> => {
  world = await aWorld(options)
  return world
}
afterEach(() => world.close())

async function ready(language = 'en'): Promise<{ status: number; ok: boolean; wrong?: string[]; detail?: Record<string, string> }> {
  const answer = await world.fetch('/readyz', { headers: { 'accept-language': language } })
  return { status: answer.status, ...((await answer.json()) as { ok: boolean; wrong?: string[] }) }
}

describe('F5: the clock', () => {
  test.each([
    [0, true],
    [59_000, true],
    [-59_000, true],
    [62_000, false],
    [-62_000, false],
    [10 * MINUTE, false],
    [-10 * MINUTE, false],
    [8 * HOUR, false],
    [-8 * HOUR, false],
  ])('%d ms away from WeChat’s gives ready %s', async (ahead, ok) => {
    await theWorld({ ahead: () => ahead })
    await askTheTime(world.world)
    expect(await ready()).toMatchObject(ok ? { status: 200, ok } : { status: 503, ok, wrong: ['clock'] })
    expect(Math.abs((world.world.skew.ms() ?? 0) - ahead)).toBeLessThan(1000)
  })

  test('counts as right while WeChat’s time is unknown', async () => {
    await theWorld({ ahead: () => 10 * MINUTE, network: () => Promise.reject(new TypeError('network')) })
    await askTheTime(world.world)
    expect(world.world.skew.ms()).toBeUndefined()
    expect(await ready()).toEqual({ status: 200, ok: true })
  })

  test('is found wrong within minutes after a jump in either direction, and right again within minutes', async () => {
    let ahead = 0
    await theWorld({ ahead: () => ahead })
    const rounds = async (minutes: number): Promise<void> => {
      for (let n = 0; n < minutes; n++) {
        await world.clock.advance(MINUTE)
        await askTheTime(world.world)
      }
    }
    for (const jump of [10 * MINUTE, -10 * MINUTE]) {
      ahead = 0
      await rounds(6)
      expect((await ready()).ok).toBe(true)
      ahead = jump
      await rounds(1)
      expect(await ready('zh-CN')).toMatchObject({ wrong: ['clock'], detail: { clock: expect.stringContaining('NTP') } })
    }
    ahead = 0
    await rounds(1)
    expect((await ready()).ok).toBe(true)
  })

  test('is compared with the time in each answer, so a busy server never asks for it', async () => {
    let asked = 0
    await theWorld({
      network(request, wechat) {
        if (request.url.endsWith('/v3/certificates')) asked++
        return wechat(request)
      },
    })
    for (let n = 0; n < 10; n++) {
      await world.aPhone().cashdesk.pay(await world.placeOrder())
      await askTheTime(world.world)
      await world.clock.advance(2 * MINUTE)
    }
    // One merchant had no order, so it is not known yet whether its keys are right (D4).
    expect(asked).toBe(1)
    await world.clock.advance(6 * MINUTE)
    await askTheTime(world.world)
    expect(asked).toBe(2)
  })

  test('the last second of a Beijing day belongs to that day, whatever the machine’s time zone', async () => {
    await theWorld()
    await world.clock.advance(Date.parse('2026-11-24T15:59:59Z') - world.clock.now())
    const number = async () =>
      (await world.api('/v1/orders', { method: 'POST', json: ORDER, headers: { 'idempotency-key': crypto.randomUUID() } })).json()
    expect(((await number()) as { out_trade_no: string }).out_trade_no).toMatch(/^20261124/)
    await world.clock.advance(1000)
    expect(((await number()) as { out_trade_no: string }).out_trade_no).toMatch(/^20261125/)
  })
})

const ORDER = { merchant: 'shop', description: '拿铁', amount: { total: 2800 } }

test('a server whose merchants trust downloaded certificates is not ready before the first download', async () => {
  let away = true
  await theWorld({
    trust: 'platform certificates',
    network: (request, wechat) => (away ? Promise.reject(new TypeError('network')) : wechat(request)),
  })
  await askTheTime(world.world)
  expect(await ready()).toMatchObject({ status: 503, wrong: ['keys'] })
  away = false
  await world.clock.advance(2000)
  await askTheTime(world.world)
  expect(await ready()).toEqual({ status: 200, ok: true })
})

test('G12: a server is not ready on a schema that lacks or changed a migration, and is ready on one with later migrations', async () => {
  await theWorld()
  expect((await ready()).ok).toBe(true)
  const { store } = world.world
  world.world.store = { ...store, schema: async () => ({ pending: [], unknown: ['9999-later.sql'], changed: [] }) }
  expect(await ready()).toMatchObject({ status: 200 })
  world.world.store = { ...store, schema: async () => ({ pending: ['0007-vitals.sql'], unknown: [], changed: [] }) }
  expect(await ready()).toMatchObject({ status: 503, wrong: ['schema'] })
  world.world.store = { ...store, schema: async () => ({ pending: [], unknown: [], changed: ['0007-vitals.sql'] }) }
  expect(await ready()).toMatchObject({ status: 503, wrong: ['schema'] })
  world.world.store = store
})

test('a database that is away is reported, beside other reasons', async () => {
  await theWorld({ ahead: () => 10 * MINUTE })
  await askTheTime(world.world)
  const { store } = world.world
  world.world.store = { ...store, transaction: () => Promise.reject(new Error('disk full')) }
  expect(await ready()).toMatchObject({ status: 503, wrong: ['database', 'clock'] })
  world.world.store = store
})

test('K2: an event loop that stood still is reported for five seconds', async () => {
  await theWorld()
  // The machine's clock as a blocked process sees it: the timer wakes late.
  let now = 0
  let wake = (): void => {}
  const lag = createLag({
    now: () => now,
    timer(_, call) {
      wake = call
      return () => {}
    },
  })
  lag.start()
  now += 2600
  wake()
  expect(lag.ms()).toBe(2100)
  world.world.lag = lag
  expect(await ready()).toMatchObject({ status: 503, wrong: ['event_loop'] })
  for (let n = 0; n < 10; n++) {
    now += 500
    wake()
  }
  expect(lag.ms()).toBe(0)
  expect(await ready()).toEqual({ status: 200, ok: true })
})

describe('F2: certificate expiry', () => {
  const told = () => world.logs.filter(({ event }) => event === 'certificate.expiring').map(({ fields }) => fields)

  test('of ours is logged daily from thirty, fourteen, seven and one days before, and when it is past', async () => {
    await theWorld()
    const serial = world.emulator.settings.merchant_serial
    const end = world.world.merchants.get('shop')?.certificate?.not_after ?? 0
    const lines: [number, string | undefined][] = []
    for (const days of [31, 30, 15, 14, 8, 7, 2, 1, 0, -1]) {
      const ahead = end - days * DAY - world.clock.now()
      await warnOfExpiry({ ...world.world, clock: { ...world.clock, now: () => world.clock.now() + ahead } })
      const line = told().find(({ merchant }) => merchant === 'shop')
      lines.push([days, line?.state])
      if (line) expect(line.detail).toContain(`merchant ${serial} until 20`)
      world.logs.splice(0)
    }
    expect(lines).toEqual([
      [31, undefined],
      [30, 'within 30 days'],
      [15, 'within 30 days'],
      [14, 'within 14 days'],
      [8, 'within 14 days'],
      [7, 'within 7 days'],
      [2, 'within 7 days'],
      [1, 'within 1 day'],
      [0, 'expired'],
      [-1, 'expired'],
    ])
  })

  test('of WeChat’s is known once the certificate was downloaded', async () => {
    await theWorld({ trust: 'platform certificates' })
    await askTheTime(world.world)
    const [held] = world.world.merchants.get('shop')?.wechatpay.trustedKeys() ?? []
    expect(held).toMatchObject({ serial: world.emulator.settings.platform_serial })
    const ahead = (held?.not_after ?? 0) - 5 * DAY - world.clock.now()
    await warnOfExpiry({ ...world.world, clock: { ...world.clock, now: () => world.clock.now() + ahead } })
    expect(told().map(({ detail }) => detail)).toContainEqual(expect.stringContaining(`wechat ${held?.serial}`))
  })

  test('cannot be configured with a certificate of another serial number', async () => {
    await theWorld()
    const { settings } = world.emulator
    const config = configForEmulator(settings, { public_url: 'http://cashdesk.test', api_key: 'cd_test_0123456789abcdef0123456789' })
    const withCertificate = (certificate: string) => ({
      ...config,
      merchants: config.merchants.map((one) => ({ ...one, certificate })),
    })
    expect(checkConfig(config).merchants[0]?.certificate).toBe(settings.merchant_cert)
    const faults = (certificate: string): string => {
      try {
        checkConfig(withCertificate(certificate))
      } catch (error) {
        if (error instanceof ConfigError) return error.faults.join('\n')
      }
      return ''
    }
    expect(faults(settings.platform_cert)).toContain(
      `merchants.shop.certificate: its serial number is ${settings.platform_serial}, not serial_no`,
    )
    expect(faults('-----BEGIN CERTIFICATE-----\nx')).toContain('merchants.shop.certificate: not readable as PEM')
  })
})
