// The v2 gate and its texts (v2-protocol §1, §2, §3), and why a signature was refused.

import { createHash } from 'node:crypto'
import { apiV2Key, v2Message } from '@cashdesk/protocol/v2'
import { expect, test } from 'vitest'
import { aV2Order, callV2, postV2, UNIFIED } from '../../v2.ts'
import { aWorld, control, type World } from '../../world.ts'

async function seen(world: World): Promise<Record<string, unknown>> {
  const { body } = await control(world, 'GET', '/requests')
  return (body['requests'] as Record<string, unknown>[])[0] ?? {}
}

test('every refusal of the message is HTTP 200, return_code FAIL and unsigned', async () => {
  const world = await aWorld()
  const cases: [Parameters<typeof postV2>[3], string][] = [
    [{ method: 'GET' }, '请使用post方法'],
    [{ change: () => '' }, 'post数据为空'],
    [{ change: () => '{"appid":1}' }, 'XML格式错误'],
    [{ change: () => '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><a>&a;</a></xml>' }, 'XML格式错误'],
    [{ change: (xml) => xml.replace(/<mch_id>.*<\/mch_id>/, '') }, '缺少参数mch_id'],
    [{ change: (xml) => xml.replace(/<sign>.*<\/sign>/, '') }, '缺少参数sign'],
    [{ change: (xml) => xml.replace(/(<mch_id>)\d+/, '$11999999999') }, '商户号mch_id或sub_mch_id不存在'],
    [{ change: (xml) => xml.replace(/<total_fee>100/, '<total_fee>101') }, '签名错误'],
  ]
  for (const [options, return_msg] of cases) {
    const response = await postV2(world, UNIFIED, aV2Order(world), options)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe(
      `<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[${return_msg}]]></return_msg></xml>`,
    )
  }
  expect(world.emulator.truth().ledger).toEqual([])
})

test('an unknown path is 404, whatever is posted', async () => {
  const world = await aWorld()
  expect((await postV2(world, '/pay/micropay', aV2Order(world))).status).toBe(404)
  expect((await postV2(world, '/secapi/pay/reverse', {})).status).toBe(404)
})

test.each<[string, (message: string, key: string, world: World) => string]>([
  ['sign_lowercase', (message, key) => md5(`${message}&key=${key}`).toLowerCase()],
  ['api_v3_key_used', (message, _, { emulator }) => md5(`${message}&key=${emulator.settings.api_v3_key}`)],
  ['other_merchant_key', (message, _, { emulator }) => md5(`${message}&key=${emulator.settings.sp.api_v2_key}`)],
  ['fields_not_sorted', (message, key) => md5(`${unsorted(message)}&key=${key}`)],
  ['values_url_encoded', (message, key) => md5(`${encoded(message)}&key=${key}`)],
  ['message_or_key_differs', (message, key) => md5(`${message}&key=${key}x`)],
])('a signature that was made wrongly is explained: %s', async (cause, sign) => {
  const world = await aWorld()
  const { appid, mchid, api_v2_key } = world.emulator.settings
  const message = v2Message({ appid, mch_id: mchid, nonce_str: 'n0', ...aV2Order(world) })
  const change = (xml: string): string => xml.replace(/(<sign><!\[CDATA\[)\w+/, `$1${sign(message, api_v2_key, world)}`)
  expect(await callV2(world, UNIFIED, aV2Order(world), { change })).toEqual({ return_code: 'FAIL', return_msg: '签名错误' })
  expect(await seen(world)).toMatchObject({ verdict: 'refused', code: 'SIGNERROR', canonical: `${message}&key=…`, explanation: { cause } })
})

test('HMAC-SHA256 without saying so, and the other way round, is explained', async () => {
  const world = await aWorld()
  await callV2(world, UNIFIED, aV2Order(world), { signType: 'HMAC-SHA256', change: (xml) => xml.replace(/<sign_type>.*<\/sign_type>/, '') })
  // Its signature covers sign_type, which was not sent.
  expect(await seen(world)).toMatchObject({ explanation: { cause: 'message_or_key_differs' } })
  const hmac = { ...aV2Order(world) }
  await callV2(world, UNIFIED, { ...hmac, sign_type: 'HMAC-SHA256' }, { signType: 'MD5' })
  expect(await seen(world)).toMatchObject({ explanation: { cause: 'other_sign_type' } })
})

test('no key is shown in what was seen', async () => {
  const world = await aWorld()
  await callV2(world, UNIFIED, aV2Order(world))
  await callV2(world, UNIFIED, aV2Order(world), { key: 'k'.repeat(32) })
  const { api_v2_key } = world.emulator.settings
  expect(apiV2Key(api_v2_key).symmetricKeySize).toBe(32)
  expect(JSON.stringify(world.emulator.requests())).not.toContain(api_v2_key)
})

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex').toUpperCase()
}

function pairs(message: string): [string, string][] {
  return message.split(/&(?=[a-z_]+=)/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
}

/** In the order in which `sealV2` writes them: appid, mch_id, nonce_str, then the order's. */
function unsorted(message: string): string {
  const first = [
    'appid',
    'mch_id',
    'nonce_str',
    'body',
    'out_trade_no',
    'total_fee',
    'spbill_create_ip',
    'notify_url',
    'trade_type',
    'openid',
  ]
  return pairs(message)
    .toSorted(([a], [b]) => first.indexOf(a) - first.indexOf(b))
    .map((pair) => pair.join('='))
    .join('&')
}

function encoded(message: string): string {
  return pairs(message)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}
