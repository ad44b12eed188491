// What the how-to of the emulator tells the reader to send is accepted by the emulator, and its file of merchants is valid.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KEY_KINDS, startEmulator } from '@cashdesk/emulator'
import { createWechatPay } from '@cashdesk/sdk'
import { describe, expect, onTestFinished, test } from 'vitest'

describe.each(['docs/how-to/emulator.md', 'docs/how-to/emulator.zh-CN.md'])('%s', (page) => {
  const text = readFileSync(join(import.meta.dirname, '../..', page), 'utf8')

  test('its calls do what it says', async () => {
    const running = await startEmulator({ port: 0 })
    onTestFinished(() => running.close())
    const { settings } = running.emulator
    const shop = createWechatPay({
      mchid: settings.mchid,
      signer: { serial_no: settings.merchant_serial, privateKey: settings.merchant_key },
      apiV3Key: settings.api_v3_key,
      publicKeys: { [settings.public_key_id]: settings.public_key },
      baseURL: running.url,
    })
    const { prepay_id } = await shop.transactions.jsapi({
      appid: settings.appid,
      description: '一杯咖啡',
      out_trade_no: 'docs-0001',
      notify_url: 'http://127.0.0.1:9/notify',
      amount: { total: 100 },
      payer: { openid: settings.users[0]?.openid ?? '' },
    })

    const calls = [...text.matchAll(/^curl http:\/\/127\.0\.0\.1:8900(\S+) --json '(.*?)'/gm)]
    expect(calls).toHaveLength(6)
    for (const [, path = '', body = ''] of calls) {
      const answer = await fetch(running.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: body.replace('wx…', prepay_id),
      })
      expect([path, answer.ok]).toEqual([path, true])
    }
    expect(running.emulator.truth().ledger).toMatchObject([{ kind: 'payment', out_trade_no: 'docs-0001' }])
    expect(running.emulator.behaviour.refund_delay_ms).toBe(0)
    expect(running.emulator.clock.offset_ms()).toBe(7_200_000)
  })

  test('B3: it tells of each kind of merchant, and its call moves a merchant', async () => {
    for (const kind of KEY_KINDS) expect(text).toContain(`| \`${kind}\``)
    for (const client of [
      'wechatpay-java',
      'wechatpay-go',
      'wechatpay/wechatpay',
      'wechatpayv3',
      'SKIT.FlurlHttpClient',
      '@cashdesk/sdk',
    ]) {
      // One row, with a cell for each kind.
      const hasRow = text.split('\n').some((line) => line.includes(client) && line.split(' | ').length === 4)
      expect([client, hasRow]).toEqual([client, true])
    }
    const running = await startEmulator({ port: 0 })
    onTestFinished(() => running.close())
    const [, body = '', path = ''] =
      /^curl -H 'content-type: application\/json' -d '(.*?)' http:\/\/127\.0\.0\.1:8900(\S+)/m.exec(text) ?? []
    const answer = await fetch(running.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect(await answer.json()).toMatchObject({ mchid: running.emulator.settings.mchid, keys: 'both' })
  })

  test('its merchants are created', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'merchants-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'merchants.json')
    writeFileSync(file, /^```json\n(.*?)^```/ms.exec(text)?.[1] ?? '')
    const running = await startEmulator({ port: 0, merchantsFile: file })
    onTestFinished(() => running.close())
    expect(running.emulator.settings.merchants).toMatchObject([{ mchid: '1234567890' }])
  })

  test('each field of emulator.json that it names exists', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const running = await startEmulator({ port: 0, tlsPort: 0, dir: folder })
    onTestFinished(() => running.close())
    const settings = JSON.parse(readFileSync(join(folder, 'emulator.json'), 'utf8'))
    const named = /^`\.wechat\/emulator\.json`.*?\n\n/ms.exec(text)?.[0].match(/`(\w+)`/g) ?? []
    expect(named.length).toBeGreaterThan(12)
    for (const name of named) expect(settings).toHaveProperty(name.replaceAll('`', ''))
  })
})
