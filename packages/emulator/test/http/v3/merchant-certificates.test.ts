// The merchant's own API certificate ends, is revoked, or gives way to a new one (v3-protocol §12).

import { expect, test } from 'vitest'
import { aMerchant, aWorld, control, HOURS, type World } from '../../world.ts'

const PATH = '/v3/certificates'
const YEARS_5 = 5 * 365 * 24 * HOURS

async function refusedWith(world: World, shop = world.shop) {
  const { status, body, why } = await shop.call('GET', PATH)
  return {
    status,
    code: body['code'],
    message: body['message'],
    cause: why?.split(':')[0],
  }
}

test('expired: five years after it was issued', async () => {
  const world = await aWorld({ keyKind: 'both' })
  await world.clock.advance(YEARS_5)
  expect(await world.shop.call('GET', PATH)).toMatchObject({ status: 200 })
  await world.clock.advance(HOURS)
  expect(await refusedWith(world)).toEqual({ status: 401, code: 'SIGN_ERROR', message: '商户证书已过期', cause: 'certificate_expired' })
})

test('revoked in the merchant console', async () => {
  const world = await aWorld({ keyKind: 'both' })
  const { mchid } = world.emulator.settings
  await control(world, 'POST', `/merchants/${mchid}/certificate/revoke`)
  expect(await refusedWith(world)).toEqual({ status: 401, code: 'SIGN_ERROR', message: '商户证书已作废', cause: 'certificate_revoked' })
  expect(await world.provider.call('GET', PATH)).toMatchObject({ status: 200 })
})

test('replaced: the new key signs, the old one is told why it no longer does', async () => {
  const world = await aWorld({ keyKind: 'both' })
  const { settings, clock } = world.emulator
  const { body } = await control(world, 'POST', `/merchants/${settings.mchid}/certificate/replace`)
  expect(await refusedWith(world)).toEqual({
    status: 401,
    code: 'SIGN_ERROR',
    message: '商户已更换证书，请使用新证书',
    cause: 'certificate_replaced',
  })
  const renewed = aMerchant(world.emulator, clock, settings.mchid, { ...settings, ...(body as object) })
  expect(await renewed.call('GET', PATH)).toMatchObject({ status: 200 })
})

test('a certificate that ends soon can be had, and an unknown merchant has none', async () => {
  const world = await aWorld({ keyKind: 'both' })
  const { settings, clock } = world.emulator
  const { body } = await control(world, 'POST', `/merchants/${settings.mchid}/certificate/replace`, { expires_in_ms: HOURS })
  const shop = aMerchant(world.emulator, clock, settings.mchid, { ...settings, ...(body as object) })
  expect(await shop.call('GET', PATH)).toMatchObject({ status: 200 })
  await world.clock.advance(2 * HOURS)
  expect(await refusedWith(world, shop)).toMatchObject({ message: '商户证书已过期' })
  expect(await control(world, 'POST', '/merchants/1/certificate/revoke')).toMatchObject({ status: 404, body: { code: 'MERCHANT_UNKNOWN' } })
  expect((await control(world, 'GET', '/merchants')).body['merchants']).toHaveLength(2)
})
