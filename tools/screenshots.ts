// `npm run screenshots`: takes the pictures of the README from the real pages: a payment from the products to the refund, and the story beside it in both
// languages.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { aBrowser } from '../test/browser/browser.ts'
import { aPhone, aStreet, type Phone, type Street } from '../test/browser/phone.ts'

const target = join(import.meta.dirname, '../docs/images')
const PAGE = { width: 1280, height: 1080 }

/** One picture of the phone for each step. */
async function journey(phone: Phone): Promise<Buffer[]> {
  const { page, shop } = phone
  const glass = (): Promise<Buffer> => page.locator('#phone').screenshot({ omitBackground: true })
  const stops: Buffer[] = []
  await shop.locator('#add-latte').click()
  await shop.locator('#add-americano').click()
  stops.push(await glass())
  await shop.locator('#to-cart').click()
  await shop.getByText('微信支付 ¥').waitFor()
  await phone.toCashier()
  await phone.password('123')
  stops.push(await glass())
  await phone.pay('456')
  await phone.says('支付成功')
  stops.push(await glass())
  await shop.locator('#refund').click()
  await shop.locator('.uni-modal__btn_primary').click()
  await phone.says('已退款')
  stops.push(await glass())
  return stops
}

/** Puts the pictures side by side into one. */
async function strip(browser: Browser, stops: readonly Buffer[], path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1680, height: 850 } })
  const images = stops.map((stop) => `<img src="data:image/png;base64,${stop.toString('base64')}">`).join('')
  await page.setContent(
    `<!doctype html><style>body{margin:0;padding:24px;display:flex;align-items:start;gap:24px;background:#eef1f2}img{flex:none;width:390px}</style>${images}`,
  )
  await page.locator('body').screenshot({ path })
  await page.close()
}

async function story(browser: Browser, street: Street, locale: string, path: string): Promise<void> {
  const phone = await aPhone(browser, street, PAGE, locale)
  await phone.page.locator('#clear').click()
  await phone.fill('latte', 'croissant')
  await phone.toCashier()
  await phone.pay()
  await phone.says('支付成功')
  await phone.page.locator('#story li', { hasText: 'order.paid' }).waitFor()
  await phone.page.evaluate('scrollTo(0, 0)')
  await phone.page.screenshot({ path })
  await phone.close()
}

mkdirSync(target, { recursive: true })
const [browser, street] = await Promise.all([aBrowser(), aStreet()])
try {
  const phone = await aPhone(browser, street, PAGE)
  await strip(browser, await journey(phone), join(target, 'journey.png'))
  await phone.close()
  await story(browser, street, 'zh-CN', join(target, 'story.zh-CN.png'))
  await story(browser, street, 'en-GB', join(target, 'story.png'))
} finally {
  await browser.close()
  await street.close()
}
