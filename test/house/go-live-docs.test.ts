// Only the configuration changes between the emulator and a real account: both configurations of the how-to are valid, and the first one takes a payment.

import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmulatorFile, startEmulator } from '@cashdesk/emulator'
import { readConfig, startServer } from '@cashdesk/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../support/postgres.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'go-live-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe.each(['docs/how-to/go-live.md', 'docs/how-to/go-live.zh-CN.md'])('%s', (page) => {
  const text = readFileSync(join(import.meta.dirname, '../..', page), 'utf8')
  const [local = '', real = ''] = [...text.matchAll(/^```json\n(.*?)^```/gms)].map((match) => match[1] ?? '')

  test('the configuration for this machine can take a payment', async () => {
    const wechat = await startEmulator({ port: 0, dir: join(folder, '.wechat') })
    const file = JSON.parse(readFileSync(join(folder, '.wechat/emulator.json'), 'utf8')) as EmulatorFile
    const filled = local
      .replaceAll(/<(\w+)>/g, (_, name: string) => String(Reflect.get(file, name)))
      .replaceAll('http://127.0.0.1:8900', wechat.url)
    writeFileSync(join(folder, 'cashdesk.json'), filled)
    const config = readConfig(join(folder, 'cashdesk.json'))
    expect([config.apps[0]?.appid, config.merchants[0]?.mchid]).toEqual([file.appid, file.mchid])
    const server = await startServer(config, { database_url: 'sqlite::memory:', port: await freePort() })
    const headers = { authorization: `Bearer ${config.api_keys[0]?.key}`, 'content-type': 'application/json' }
    const call = (path: string, body?: object) =>
      fetch(`${server.url}${path}`, { method: body ? 'POST' : 'GET', headers, ...(body && { body: JSON.stringify(body) }) })
    const [payer] = file.users
    const order = {
      out_trade_no: 'GO-LIVE-1',
      description: '拿铁',
      amount: { total: 1 },
      payer: { appid: file.appid, openid: payer?.openid },
    }
    expect((await call('/v1/orders', order)).status).toBe(201)
    const fields = (await (await call('/v1/orders/GO-LIVE-1/pay', {})).json()) as Record<string, string>
    expect(wechat.emulator.cashier({ ...fields, appId: file.appid, openid: payer?.openid ?? '' })).toEqual({ errMsg: 'requestPayment:ok' })
    expect(await (await call('/v1/orders/GO-LIVE-1?refresh=1')).json()).toMatchObject({ state: 'paid' })
    await server.close()
    await wechat.close()
  })

  test('the real configuration differs only in values, and names no other WeChat', () => {
    mkdirSync(join(folder, 'secrets'))
    for (const name of ['api_key', 'app_secret', 'api_v3_key']) writeFileSync(join(folder, 'secrets', name), 'k'.repeat(32))
    const keys = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
    writeFileSync(join(folder, 'secrets/apiclient_key.pem'), keys().privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(join(folder, 'secrets/pub_key.pem'), keys().publicKey.export({ type: 'spki', format: 'pem' }))
    writeFileSync(join(folder, 'cashdesk.json'), real)
    const config = readConfig(join(folder, 'cashdesk.json'))
    expect(config.wechat).toEqual({})
    expect(Object.keys(config.merchants[0] ?? {})).toEqual(
      expect.arrayContaining(['mchid', 'serial_no', 'private_key', 'api_v3_key', 'public_keys']),
    )
  })
})
