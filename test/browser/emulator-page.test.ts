// A user opens /_emulator/ and sees a payment: the order, its signature, the money, the notification.

import { createServer } from 'node:http'
import { type RunningEmulator, startEmulator } from '@cashdesk/emulator'
import { createWechatPay } from '@cashdesk/sdk'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriousFaults } from './axe.ts'
import { aBrowser, chromiumPath } from './browser.ts'

describe.skipIf(chromiumPath === undefined)('the page of the emulator', () => {
  let browser: Browser
  let running: RunningEmulator
  let shop: ReturnType<typeof createServer>
  let notify_url = ''
  const problems: string[] = []

  beforeAll(async () => {
    ;[browser, running] = await Promise.all([aBrowser(), startEmulator({ port: 0 })])
    shop = createServer((_, response) => response.writeHead(204).end()).listen(0, '127.0.0.1')
    await new Promise((resolve) => shop.once('listening', resolve))
    notify_url = `http://127.0.0.1:${(shop.address() as { port: number }).port}/notify`
  })
  afterAll(async () => {
    await Promise.all([browser.close(), running.close()])
    shop.close()
  })

  const open = async (width: number): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())))
    page.on('pageerror', (error) => void problems.push(String(error)))
    await page.goto(`${running.url}/_emulator/`)
    return page
  }
  const client = (change = {}) => {
    const { settings } = running.emulator
    return createWechatPay({
      mchid: settings.mchid,
      signer: { serial_no: settings.merchant_serial, privateKey: settings.merchant_key },
      apiV3Key: settings.api_v3_key,
      publicKeys: { [settings.public_key_id]: settings.public_key },
      baseURL: running.url,
      ...change,
    })
  }
  const order = (out_trade_no: string) => {
    const { appid, users } = running.emulator.settings
    return {
      appid,
      description: '<b>拿铁</b>',
      out_trade_no,
      notify_url,
      amount: { total: 2800 },
      payer: { openid: users[0]?.openid ?? '' },
    }
  }

  test('an order appears; tapping 支付 pays it, and its notification arrives', async () => {
    const page = await open(1280)
    await page.getByText('还没有订单').waitFor()
    await client().transactions.jsapi(order('PAGE-0001'))
    const row = page.locator('#orders tr', { hasText: 'PAGE-0001' })
    await row.getByText('¥28.00').waitFor()
    // Text from merchants is shown, and never executed.
    expect(await row.locator('td').nth(1).innerText()).toBe('<b>拿铁</b>')
    await row.getByRole('button', { name: '支付' }).click()
    await row.getByText('SUCCESS').waitFor()
    expect(await page.locator('#said').innerText()).toBe('PAGE-0001: requestPayment:ok')
    await page.locator('#notifications tr', { hasText: 'PAGE-0001' }).getByText('delivered').waitFor()
    await page.locator('#requests summary').first().click()
    expect(await page.locator('#requests pre').first().innerText()).toContain('POST\n/v3/pay/transactions/jsapi\n')
    await page.screenshot({ path: 'coverage/emulator-page.png', fullPage: true }).catch(() => {})
    await page.close()
  })

  test('a refused signature is explained in both languages', async () => {
    const { settings } = running.emulator
    const wrong = client({ signer: { serial_no: settings.merchant_serial, privateKey: settings.sp.merchant_key }, retries: 0 })
    await wrong.transactions.jsapi(order('PAGE-0002')).catch(() => {})
    const page = await open(1280)
    const row = page.locator('#requests tr', { hasText: '401' })
    await row.getByText('私钥签名').waitFor()
    expect(await row.innerText()).toContain('signed with the private key of merchant')
    await page.close()
  })

  test('a fault can be armed by hand and strikes once, and the clock can be moved', async () => {
    const page = await open(1280)
    await page.locator('#fault').selectOption('answer.http_500')
    await page.getByRole('button', { name: '触发一次' }).click()
    await page.locator('#faults tr', { hasText: 'answer.http_500' }).waitFor()
    await expect(client({ retries: 0 }).transactions.jsapi(order('PAGE-0003'))).rejects.toMatchObject({ outcome: 'unknown' })
    await page.locator('#faults').getByText('未设置故障').waitFor()
    const before = running.emulator.clock.now()
    await page.getByRole('button', { name: '+1 h' }).click()
    await expect.poll(() => running.emulator.clock.now() - before).toBeGreaterThan(3_500_000)
    await page.getByRole('button', { name: '真实时间' }).click()
    await expect.poll(() => Math.abs(running.emulator.clock.now() - Date.now())).toBeLessThan(5000)
    await page.close()
  })

  test('the settings for each client can be copied', async () => {
    const page = await open(1280)
    for (const name of await page.locator('#client option').allInnerTexts()) {
      await page.locator('#client').selectOption(name)
      expect(await page.locator('#settings').innerText()).toContain(new URL(running.url).port)
    }
    await page.close()
  })

  test.each([1280, 390])('at %i pixels there is no serious accessibility fault and no error in the console', async (width) => {
    const page = await open(width)
    await page.locator('#orders tr').first().waitFor()
    expect(await seriousFaults(page)).toEqual([])
    expect(problems).toEqual([])
    await page.screenshot({ path: `coverage/emulator-page-${width}.png`, fullPage: true }).catch(() => {})
    await page.close()
  })
})
