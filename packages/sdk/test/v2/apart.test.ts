// v2 and v3 stand apart: nothing of v3 can reach v2, and no v2 message is ever taken for a v3 one.

import { readFileSync } from 'node:fs'
import { privateKey, signAnswer } from '@cashdesk/protocol'
import { apiV2Key, formatFields, sealV2Payment } from '@cashdesk/protocol/v2'
import { describe, expect, test } from 'vitest'
import { aWechat } from '../wechat.ts'

/** Every source file that importing `entry` runs, by following its imports. */
function reached(entry: URL, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(entry.href)) return seen
  const source = readFileSync(entry, 'utf8')
  const specifiers = [...source.matchAll(/(?:^|\n)\s*(?:import|export)\s(?!type\s)(?:[^'\n;]|\n(?!import|export))*?from\s+'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  )
  seen.set(entry.href, specifiers)
  for (const one of specifiers) {
    const next = one.startsWith('.') ? new URL(one, entry) : ours(one)
    if (next) reached(next, seen)
  }
  return seen
}

function ours(specifier: string): URL | undefined {
  const folder = '../../../protocol/src/'
  if (specifier === '@cashdesk/protocol') return new URL(`${folder}index.ts`, import.meta.url)
  if (specifier === '@cashdesk/protocol/spec') return new URL(`${folder}spec/index.ts`, import.meta.url)
  if (specifier === '@cashdesk/protocol/v2') return new URL(`${folder}v2/index.ts`, import.meta.url)
  if (specifier === '@cashdesk/protocol/message-push') return new URL(`${folder}message-push/index.ts`, import.meta.url)
  return undefined
}

test('v3 never imports v2', () => {
  const files = [...reached(new URL('../../src/index.ts', import.meta.url)).keys()]
  expect(files.length).toBeGreaterThan(50)
  expect(files.filter((file) => file.includes('/v2/'))).toEqual([])
})

test('neither loads a third-party package before it is needed', () => {
  for (const entry of ['../../src/index.ts', '../../src/v2/index.ts']) {
    const specifiers = [...reached(new URL(entry, import.meta.url)).values()].flat()
    expect(specifiers.filter((one) => !one.startsWith('.') && !one.startsWith('node:') && !one.startsWith('@cashdesk/'))).toEqual([])
  }
})

describe('D8: a v2 payment sent to the v3 receiver', () => {
  const paid = {
    result_code: 'SUCCESS',
    appid: 'wx1',
    mch_id: '1900000001',
    nonce_str: 'n',
    openid: 'o',
    trade_type: 'JSAPI',
    bank_type: 'CFT',
    total_fee: 1,
    cash_fee: 1,
    transaction_id: '42',
    out_trade_no: 'ORDER-0001',
    time_end: '20261124100000',
  }
  const signed = sealV2Payment({ key: apiV2Key('192006250b4c09247ec02edce69f6a2d'), signType: 'MD5' }, paid)
  const unsigned = formatFields({ return_code: 'SUCCESS', ...paid })

  test.each([
    ['unsigned', unsigned],
    ['signed as v2', signed],
  ])('%s, is refused for want of v3 signature', async (_, xml) => {
    const wechat = await aWechat()
    const raw = { headers: new Headers({ 'content-type': 'text/xml' }), body: Buffer.from(xml) }
    await expect(wechat.client().receive(raw)).rejects.toMatchObject({ code: 'ERR_SIGNATURE_HEADERS' })
  })

  test('even signed as v3 it is no v3 message', async () => {
    const wechat = await aWechat()
    const { direct } = wechat.emulator.keys
    const signer = { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) }
    const headers = new Headers(await signAnswer(signer, signed, wechat.clock.now(), 'nonce'))
    await expect(wechat.client().receive({ headers, body: Buffer.from(signed) })).rejects.toMatchObject({ code: 'ERR_MESSAGE_SHAPE' })
  })
})
