// The echo: keys, clock, sealing in both directions and the way of notifications, proven by one call (security-echo §1).

import { openSensitive, privateKey, publicKey, sealSensitive } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { aWorld, newest } from '../../world.ts'

const ECHO = '/v3/security/echo'

test.each(['shop', 'provider'] as const)('%s: the text comes back plain, sealed and as a notification', async (who) => {
  const world = await aWorld()
  const keys = who === 'shop' ? world.emulator.settings : world.emulator.settings.sp
  const merchant = world[who]
  const encrypted_echo_message = sealSensitive(publicKey(keys.public_key), '你好')
  const { status, body } = merchant.verified(
    await merchant.call('POST', ECHO, { echo_message: '你好', encrypted_echo_message, notify_url: 'https://shop.test/echo' }),
  )
  expect({ status, body }).toEqual({ status: 200, body: { echo_message: '你好', encrypted_echo_message: expect.any(String) } })
  const key = privateKey(keys.merchant_key)
  expect(openSensitive(key, String(body['encrypted_echo_message']))).toBe('你好')
  await world.emulator.deliverDue()
  const { envelope, resource } = newest(world, merchant)
  expect(envelope).toMatchObject({ event_type: 'SECURITY_ECHO.SUCCESS', resource: { original_type: 'security' } })
  expect(resource).toEqual({ echo_message: '你好', encrypt_echo_message: expect.any(String) })
  expect(openSensitive(key, String(resource['encrypt_echo_message']))).toBe('你好')
})

test('a plain text comes back plain, and without notify_url nothing is sent', async () => {
  const world = await aWorld()
  expect((await world.shop.call('POST', ECHO, { echo_message: 'a' })).body).toEqual({ echo_message: 'a' })
  await world.emulator.deliverDue()
  expect(world.endpoint.received).toEqual([])
})

test.each([
  ['another key', async (other: string) => sealSensitive(publicKey(other), 'a')],
  ['no Base64', async () => '???'],
])('a text sealed with %s is refused with PARAM_ERROR', async (_, sealed) => {
  const world = await aWorld()
  const encrypted_echo_message = await sealed(world.emulator.settings.sp.public_key)
  const { status, body } = await world.shop.call('POST', ECHO, { echo_message: 'a', encrypted_echo_message })
  expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'PARAM_ERROR' })
})
