// The phone in a real browser, used as a person would: what `npm start` starts, and taps on it.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningDev, startDev } from 'cashdesk'
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core'
import { createShopBackend } from '../../examples/shop-backend/src/app.ts'
import { buildShop } from '../../examples/start/build-shop.ts'

/** The shop has its own install, which `.ci/run` makes. */
export const shopIsInstalled: boolean = existsSync(join(import.meta.dirname, '../../examples/uni-shop/node_modules/.package-lock.json'))

export interface Street extends RunningDev {
  /** Orders as the payment server knows them, newest first. */
  orders(): Promise<{ out_trade_no: string; state: string; amount: { total: number; refunded: number } }[]>
  /** Fen of change in a user's wallet. */
  give(name: string, change: number): Promise<void>
  /** What the bank really did. */
  payments(): number
}

/** Everything that `npm start` starts, on free ports and with files of its own. */
export async function aStreet(): Promise<Street> {
  const program = await buildShop(() => {})
  const dir = mkdtempSync(join(tmpdir(), 'cashdesk-phone-'))
  const running = await startDev({
    dir,
    port: 0,
    wechat_port: 0,
    phone_port: 0,
    shop: {
      program,
      merchant_name: '晨间小铺',
      backend: ({ url, api_key, fetch }) => createShopBackend({ cashdeskURL: url, apiKey: api_key, merchant: 'shop', fetch }),
    },
  })
  return {
    ...running,
    async orders() {
      const answer = await fetch(`${running.server}/v1/orders?merchant=shop&limit=100`, {
        headers: { authorization: `Bearer ${running.api_key}` },
      })
      return ((await answer.json()) as { data: Awaited<ReturnType<Street['orders']>> }).data
    },
    async give(name, change) {
      await fetch(`${running.wechat}/_emulator/wallets`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, change }),
      })
    },
    payments: () => running.emulator.truth().ledger.filter(({ kind }) => kind === 'payment').length,
    async close() {
      await running.close()
      rmSync(dir, { recursive: true })
    },
  }
}

export const DESKTOP = { width: 1280, height: 860 }
export const POCKET = { width: 390, height: 844 }

export interface Phone {
  page: Page
  /** The shop, inside the phone. */
  shop: FrameLocator
  /** Errors in the browser, and every address outside this machine that was requested. */
  problems: string[]
  /** Puts these into the cart and opens it. */
  fill(...ids: string[]): Promise<void>
  /** Taps 微信支付 and waits for the cashier. */
  toCashier(): Promise<void>
  password(digits: string): Promise<void>
  /** Enters 123456, or the missing digits of it, then taps 完成. */
  pay(digits?: string): Promise<void>
  /** Waits until the order page says this. */
  says(title: string): Promise<void>
  picture(name: string): Promise<void>
  close(): Promise<void>
}

export async function aPhone(browser: Browser, street: Street, viewport = DESKTOP, locale = 'zh-CN'): Promise<Phone> {
  const context: BrowserContext = await browser.newContext({ viewport, locale, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
  const page = await context.newPage()
  // Shorter than the test's own time-out, so that the error says what was waited for.
  page.setDefaultTimeout(90_000)
  const problems: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())))
  page.on('pageerror', (error) => void problems.push(String(error)))
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') problems.push(`asked ${request.url()}`)
  })
  await page.goto(street.phone ?? '')
  const shop = page.frameLocator('#program')
  await shop.locator('#add-latte').waitFor()

  const phone: Phone = {
    page,
    shop,
    problems,
    async fill(...ids) {
      for (const id of ids) await shop.locator(`#add-${id}`).click()
      await shop.locator('#to-cart').click()
      await shop.getByText(`微信支付 ¥`).waitFor()
    },
    async toCashier() {
      await shop.locator('uni-page:visible #pay, #pay:visible').first().click()
      await page.getByText('请输入支付密码').waitFor()
    },
    async password(digits) {
      for (const digit of digits) await page.locator('.keys').getByRole('button', { name: digit, exact: true }).click()
    },
    async pay(digits = '123456') {
      await phone.password(digits)
      await page.getByRole('button', { name: '完成' }).click()
    },
    says: (title) => shop.locator('#title', { hasText: title }).waitFor(),
    async picture(name) {
      await page.screenshot({ path: `coverage/${name}.png` })
    },
    close: () => context.close(),
  }
  return phone
}
