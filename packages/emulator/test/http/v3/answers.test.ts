// Answers: which key signs them, and the platform certificates they can be verified with (v3-protocol §4, §6, §7, §11, v3-protocol §8).

import { apiV3Key, certificate, openResource, readAnswerSignature } from '@cashdesk/protocol'
import { certificates } from '@cashdesk/protocol/spec'
import { expect, test } from 'vitest'
import { aWorld, query } from '../../world.ts'

test('Wechatpay-Serial selects the key: public key, platform certificate, or certificate when absent', async () => {
  const { shop, emulator } = await aWorld({ keyKind: 'both' })
  const { public_key_id, platform_serial } = emulator.settings
  const serialFor = async (asked: string | null): Promise<string> => {
    const answer = shop.verified(await shop.call('GET', '/v3/certificates', undefined, { headers: { 'Wechatpay-Serial': asked } }))
    return readAnswerSignature(answer.headers).serial
  }
  expect(await serialFor(public_key_id)).toBe(public_key_id)
  expect(await serialFor(platform_serial)).toBe(platform_serial)
  expect(await serialFor(null)).toBe(platform_serial)
})

test('a Wechatpay-Serial of another merchant or of nobody is refused', async () => {
  const { shop, emulator } = await aWorld()
  for (const serial of [emulator.settings.sp.public_key_id, 'PUB_KEY_ID_0']) {
    const answer = shop.verified(await shop.call('GET', '/v3/certificates', undefined, { headers: { 'Wechatpay-Serial': serial } }))
    expect(answer).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR', message: '平台证书序列号Wechatpay-Serial错误' } })
  }
})

test('each merchant has its own public key', async () => {
  const { emulator, provider } = await aWorld({ keyKind: 'both' })
  expect(emulator.settings.sp.public_key_id).not.toBe(emulator.settings.public_key_id)
  expect(provider.verified(await provider.call('GET', '/v3/certificates'))).toMatchObject({ status: 200 })
})

test('the platform certificate comes sealed with the merchant’s APIv3 key', async () => {
  const { shop, emulator } = await aWorld({ keyKind: 'both' })
  const answer = await shop.call('GET', '/v3/certificates')
  const { data } = certificates.answer?.parse(answer.body) ?? { data: [] }
  const [entry] = data
  expect(data).toHaveLength(1)
  const pem = entry ? openResource(apiV3Key(emulator.settings.api_v3_key), entry.encrypt_certificate) : ''
  expect(pem).toBe(emulator.settings.platform_cert)
  expect(certificate(pem).serial_no).toBe(entry?.serial_no)
})

test('a business refusal is signed, and Request-ID ends with the internal code', async () => {
  const world = await aWorld()
  const answer = world.shop.verified(await query(world))
  expect(answer).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_EXIST' } })
  expect(answer.headers.get('Request-ID')).toMatch(/^[0-9A-F]{42}-268512771$/)
})

test('the settings say what the certificates say', async () => {
  const { emulator } = await aWorld()
  for (const keys of [emulator.settings, emulator.settings.sp]) {
    expect(certificate(keys.merchant_cert).serial_no).toBe(keys.merchant_serial)
    expect(certificate(keys.platform_cert).serial_no).toBe(keys.platform_serial)
  }
})
