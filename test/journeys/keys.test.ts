// Keys change while payments go on: WeChat's, the merchant's, and the one that seals notifications.

import { certificate, requestPaymentMessage, verify } from '@cashdesk/protocol'
import { afterEach, expect, test } from 'vitest'
import { aWorld, HOUR, type TestWorld, type WorldOptions } from '../support/world.ts'

let open: TestWorld | undefined
const theWorld = async (options?: WorldOptions): Promise<TestWorld> => {
  open = await aWorld(options)
  return open
}
afterEach(() => open?.close())

const control = async (world: TestWorld, path: string): Promise<Record<string, string>> => {
  const answer = await world.emulator.fetch(new Request(`http://wechat.test/_emulator${path}`, { method: 'POST' }))
  return (await answer.json()) as Record<string, string>
}

test('F1: no payment is lost when the platform certificate is replaced between two payments', async () => {
  const world = await theWorld({ trust: 'platform certificates' })
  const first = await world.placeOrder()
  expect(await world.aPhone().cashdesk.pay(first)).toMatchObject({ status: 'paid' })
  const half = await world.placeOrder()
  const phone = world.aPhone({ afterCashier: async () => void (await control(world, '/certificates/rotate')) })
  expect(await phone.cashdesk.pay(half)).toMatchObject({ status: 'paid' })
  const last = await world.placeOrder()
  expect(await world.aPhone().cashdesk.pay(last)).toMatchObject({ status: 'paid' })
  // An unknown serial is looked up once, then not again for a while; WeChat repeats the notification later.
  await world.clock.advance(2 * HOUR)
  expect(await world.world.store.transaction((tx) => tx.notifications.count('shop'))).toBe(3)
})

test('F2: payments go on after the merchant certificate is replaced by a reconfiguration without restart', async () => {
  let config: Parameters<TestWorld['world']['reconfigure']>[0] | undefined
  const world = await theWorld({
    configure(given) {
      config = given
      return given
    },
  })
  if (!config) throw new Error('no configuration')
  const before = await world.placeOrder()
  const made = await control(world, `/merchants/${world.emulator.settings.mchid}/certificate/replace`)
  // Until we know the new key no order is failed: it waits.
  expect(await world.aPhone().cashdesk.pay(before)).not.toMatchObject({ status: 'paid' })
  expect(['ordering', 'pending']).toContain((await world.order(before.out_trade_no)).state)

  const merchants = config.merchants.map((one) =>
    one.id === 'shop' ? { ...one, serial_no: made['merchant_serial'] ?? '', private_key: made['merchant_key'] ?? '' } : one,
  )
  world.world.reconfigure({ ...config, merchants })
  expect(await world.aPhone().cashdesk.pay(before)).toMatchObject({ status: 'paid' })
})

test('F2: a configuration that cannot work changes nothing', async () => {
  let config: Parameters<TestWorld['world']['reconfigure']>[0] | undefined
  const world = await theWorld({
    configure(given) {
      config = given
      return given
    },
  })
  const given = config
  if (!given) throw new Error('no configuration')
  expect(() => world.world.reconfigure({ ...given, merchants: given.merchants.map((one) => ({ ...one, private_key: 'x' })) })).toThrow()
  expect(await world.aPhone().cashdesk.pay(await world.placeOrder())).toMatchObject({ status: 'paid' })
})

test('B12: a private key that does not belong to the serial never yields payment fields', async () => {
  const world = await theWorld({
    configure: (config) => ({
      ...config,
      merchants: config.merchants.map((one) => (one.id === 'shop' ? { ...one, private_key: config.merchants[1]?.private_key ?? '' } : one)),
    }),
  })
  const { appid, users } = world.emulator.settings
  const { out_trade_no } = await world.placeOrder({ payer: { appid, openid: users[0]?.openid } })
  const answer = await world.api(`/v1/orders/${out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })
  expect(answer.status).toBeGreaterThanOrEqual(502)
  expect(await answer.text()).not.toContain('paySign')
})

test('B12: the fields are signed for the paying program, by the key that signs orders', async () => {
  const world = await theWorld()
  const { appid, users, merchant_cert } = world.emulator.settings
  const { out_trade_no } = await world.placeOrder({ payer: { appid, openid: users[0]?.openid } })
  const answer = await world.api(`/v1/orders/${out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })
  const fields = (await answer.json()) as Record<'timeStamp' | 'nonceStr' | 'package' | 'paySign', string>
  const message = requestPaymentMessage(appid, fields.timeStamp, fields.nonceStr, fields.package)
  expect(verify(certificate(merchant_cert).publicKey, message, fields.paySign)).toBe(true)
})

test('F3: while the APIv3 key is being changed notifications sealed with either key are opened', async () => {
  const world = await theWorld({
    configure: (config) => ({
      ...config,
      merchants: config.merchants.map((one) => ({ ...one, api_v3_key: ['0'.repeat(32), ...[one.api_v3_key].flat()] })),
    }),
  })
  const order = await world.placeOrder()
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  expect(await world.world.store.transaction((tx) => tx.notifications.count('shop'))).toBe(1)
  expect((await world.order(order.out_trade_no)).state).toBe('paid')
})
