// B3: three kinds of merchant: the public key only, platform certificates only, or both (v3-protocol §6, v3-protocol §7).

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publicKey, readAnswerSignature, sealSensitive } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { type EmulatorFile, KEY_KINDS, type KeyKind, startEmulator } from '../src/index.ts'
import { type Answer, aWorld, control, pay, place, query, refund, SECONDS, type World } from './world.ts'

function serialOf(answer: Pick<Answer, 'headers'>): string {
  return readAnswerSignature(answer.headers).serial
}

/** A query that asks for this key, or for none. */
function asked(world: World, serial: string | null): Promise<Answer> {
  const path = `/v3/pay/transactions/out-trade-no/order-0001?mchid=${world.emulator.settings.mchid}`
  return world.shop.call('GET', path, undefined, { headers: { 'Wechatpay-Serial': serial } })
}

test('B3: a merchant with the public key only, as every new one: answers, refusals and notifications are signed by it, and it has no certificates', async () => {
  const world = await aWorld()
  const { public_key_id, keys } = world.emulator.settings
  expect(keys).toBe('public_key')
  await pay(world)
  await refund(world)
  await world.clock.advance(4 * SECONDS)
  for (const serial of [null, public_key_id]) expect(serialOf(world.shop.verified(await asked(world, serial)))).toBe(public_key_id)
  expect(world.endpoint.received.map(serialOf)).toEqual([public_key_id, public_key_id])
  const none = world.shop.verified(await world.shop.call('GET', '/v3/certificates'))
  const message = '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。'
  expect(none).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_EXISTS', message } })
  expect(serialOf(none)).toBe(public_key_id)
})

test('B3: a merchant with certificates only', async () => {
  const world = await aWorld({ keyKind: 'certificate' })
  const { platform_serial, keys } = world.emulator.settings
  expect(keys).toBe('certificate')
  await pay(world)
  await world.emulator.deliverDue()
  for (const serial of [null, platform_serial]) expect(serialOf(world.shop.verified(await asked(world, serial)))).toBe(platform_serial)
  expect(world.endpoint.received.map(serialOf)).toEqual([platform_serial])
  expect((await world.shop.call('GET', '/v3/certificates')).body).toMatchObject({ data: [{ serial_no: platform_serial }] })
})

test('B3: a merchant in the grey period has both: answers as it asks, notifications by the share', async () => {
  const world = await aWorld({ keyKind: 'both', behaviour: { public_key_share: 0 } })
  const { platform_serial, public_key_id } = world.emulator.settings
  await place(world)
  expect(serialOf(await asked(world, null))).toBe(platform_serial)
  expect(serialOf(await asked(world, platform_serial))).toBe(platform_serial)
  expect(serialOf(await asked(world, public_key_id))).toBe(public_key_id)
  await pay(world, { out_trade_no: 'grey-0001' })
  await world.emulator.deliverDue()
  await control(world, 'POST', '/behaviour', { public_key_share: 10_000 })
  await pay(world, { out_trade_no: 'grey-0002' })
  await world.emulator.deliverDue()
  expect(world.endpoint.received.map(serialOf)).toEqual([platform_serial, public_key_id])
})

test.each<[KeyKind, 'platform_serial' | 'public_key_id']>([
  ['public_key', 'platform_serial'],
  ['certificate', 'public_key_id'],
])('B3: a key that the merchant does not have cannot be asked for, nor sealed with: %s, %s', async (keyKind, other) => {
  const world = await aWorld({ keyKind })
  const { settings } = world.emulator
  const refused = world.shop.verified(await asked(world, settings[other]))
  expect(refused).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR', message: '平台证书序列号Wechatpay-Serial错误' } })
  expect(refused.why).toMatch(/it has (the public key|platform certificates) only$/)
  const name = sealSensitive(publicKey(settings.public_key), '小明')
  const body = { appid: settings.appid, type: 'PERSONAL_OPENID', account: settings.users[0]?.openid, name, relation_type: 'USER' }
  const sealed = await world.shop.call('POST', '/v3/profitsharing/receivers/add', body, {
    headers: { 'Wechatpay-Serial': settings[other] },
  })
  expect(sealed).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' } })
})

test('B3: one merchant is moved by the control API, the other is not', async () => {
  const world = await aWorld()
  const { mchid, sp } = world.emulator.settings
  expect(await control(world, 'POST', `/merchants/${mchid}/keys`, { keys: 'certificate' })).toMatchObject({
    status: 200,
    body: { mchid, keys: 'certificate' },
  })
  const { merchants } = (await control(world, 'GET', '/merchants')).body as { merchants: { mchid: string; keys: string }[] }
  expect(merchants.map(({ mchid: number, keys }) => [number, keys])).toEqual([
    [mchid, 'certificate'],
    [sp.sp_mchid, 'public_key'],
  ])
  expect(await control(world, 'POST', `/merchants/${mchid}/keys`, { keys: 'all' })).toMatchObject({
    status: 400,
    body: { code: 'INPUT_INVALID', en: 'keys: must be one of public_key, certificate, both' },
  })
  expect(await control(world, 'POST', '/merchants/1/keys', { keys: 'both' })).toMatchObject({ status: 404 })
  expect((await query(world)).status).toBe(400)
})

test('B3: emulator.json says of each merchant which it has; a merchants file may name another', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'emulator-keys-'))
  const merchantsFile = join(dir, 'merchants.json')
  const apps = (n: number) => [{ appid: `wx000000000000000${n}` }]
  const merchants = KEY_KINDS.map((keys, n) => ({ mchid: `190000010${n}`, apps: apps(n), keys }))
  await writeFile(merchantsFile, JSON.stringify({ merchants: [...merchants, { mchid: '1900000109', apps: apps(9) }] }))
  const running = await startEmulator({ port: 0, dir, merchantsFile, keyKind: 'certificate' })
  await running.close()
  const file = JSON.parse(await readFile(join(dir, 'emulator.json'), 'utf8')) as EmulatorFile
  expect([file.keys, file.sp.keys, ...file.merchants.map(({ keys }) => keys)]).toEqual([
    'certificate',
    'certificate',
    'public_key',
    'certificate',
    'both',
    'certificate',
  ])
  await writeFile(merchantsFile, JSON.stringify({ merchants: [{ ...merchants[0], keys: 'none' }] }))
  await expect(startEmulator({ port: 0, merchantsFile })).rejects.toThrow('keys must be public_key, certificate, both')
  await rm(dir, { recursive: true })
})
