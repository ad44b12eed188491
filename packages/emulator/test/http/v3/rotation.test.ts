// The platform certificate rotates: both are listed, either is asked for, the new one signs (v3-protocol §6).

import { readAnswerSignature } from '@cashdesk/protocol'
import { createWechatPay } from '@cashdesk/sdk'
import { expect, test } from 'vitest'
import { aWorld, control, HOURS, place, type World } from '../../world.ts'

const signer = async (world: World, serial: string | null) => {
  const path = `/v3/pay/transactions/out-trade-no/order-0001?mchid=${world.emulator.settings.mchid}`
  return readAnswerSignature((await world.shop.call('GET', path, undefined, { headers: { 'Wechatpay-Serial': serial } })).headers).serial
}
const serials = async (world: World) => {
  const { data } = (await world.shop.call('GET', '/v3/certificates')).body as { data: { serial_no: string }[] }
  return data.map(({ serial_no }) => serial_no)
}

test('the new one signs what asks for none; the old one still answers those who ask for it', async () => {
  const world = await aWorld({ keyKind: 'both' })
  await place(world)
  const old = world.emulator.settings.platform_serial
  const { body } = await control(world, 'POST', '/certificates/rotate')
  const both = await serials(world)
  expect(both).toEqual([old, body['signing']])
  expect(await signer(world, null)).toBe(body['signing'])
  expect(await signer(world, old)).toBe(old)
})

test('published first and switched later, as WeChat does', async () => {
  const world = await aWorld({ keyKind: 'both' })
  await place(world)
  const old = world.emulator.settings.platform_serial
  await control(world, 'POST', '/certificates/rotate', { sign_with: 'old' })
  expect(await serials(world)).toHaveLength(2)
  expect(await signer(world, null)).toBe(old)
  await control(world, 'POST', '/certificates/switch')
  expect(await signer(world, null)).toBe((await serials(world))[1])
  expect(await control(world, 'POST', '/certificates/rotate', { sign_with: 'both' })).toMatchObject({ status: 400 })
})

test('our SDK follows a rotation by downloading', async () => {
  const world = await aWorld({ keyKind: 'both' })
  const { settings } = world.emulator
  const shop = createWechatPay({
    mchid: settings.mchid,
    signer: { serial_no: settings.merchant_serial, privateKey: settings.merchant_key },
    apiV3Key: settings.api_v3_key,
    platformCertificates: 'download',
    baseURL: settings.base_url,
    fetch: (request) => world.emulator.fetch(request),
    clock: world.clock,
  })
  await place(world)
  expect(await shop.transactions.byOutTradeNo('order-0001')).toMatchObject({ trade_state: 'NOTPAY' })
  await control(world, 'POST', '/certificates/rotate')
  await world.clock.advance(HOURS)
  expect(await shop.transactions.byOutTradeNo('order-0001')).toMatchObject({ trade_state: 'NOTPAY' })
})
