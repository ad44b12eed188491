// Taro's own weapp bundle, tapped in the headless host, with a real server and the emulator. Build it first.

import { join } from 'node:path'
import type { MiniProgram, Page } from '@cashdesk/headless'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aShop, type Shop } from '../../native-shop/test/a-shop.ts'

const dir = process.env['TARO_SHOP_DIST'] ?? join(import.meta.dirname, '../dist')
let shop: Shop

beforeEach(async () => {
  shop = await aShop(dir)
})
afterEach(() => shop.close())

/** The first page, with the products on it. */
async function theShelf(phone: MiniProgram): Promise<Page> {
  const shelf = await phone.open()
  await shelf.waitFor((page) => page.text('.name').includes('拿铁'))
  return shelf
}

async function theOrder(phone: MiniProgram, title: string): Promise<Page> {
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === title)
  return order
}

test('a latte is bought, and the order page shows what the server says', async () => {
  const phone = shop.aPhone()
  await (await theShelf(phone)).tap('#buy-latte')
  const order = await theOrder(phone, '支付成功')
  expect(order.text('#total')).toBe('¥28.00')
  expect(await shop.world.order(String(order.query['id']))).toMatchObject({ state: 'paid', amount: { total: 2800 } })
  expect(phone.payments.map(({ said }) => said)).toEqual([{ errMsg: 'requestPayment:ok' }])
  expect(phone.errors).toEqual([])
  await order.tap('#home')
  const home = await phone.waitForPage('pages/index/index')
  await home.waitFor((page) => page.text('.name').includes('拿铁'))
})

test('a cancelled payment is shown as cancelled, not as paid', async () => {
  const phone = shop.aPhone({ cashier: 'cancel' })
  await (await theShelf(phone)).tap('#buy-beans')
  const order = await theOrder(phone, '支付已取消')
  expect(await shop.world.order(String(order.query['id']))).toMatchObject({ state: 'pending' })
})

test('a double tap makes one order and one payment', async () => {
  const phone = shop.aPhone()
  const shelf = await theShelf(phone)
  await Promise.all([shelf.tap('#buy-latte'), shelf.tap('#buy-latte')])
  await theOrder(phone, '支付成功')
  expect(phone.payments).toHaveLength(1)
  expect(phone.requests.filter(({ url }) => url.endsWith('/checkout'))).toHaveLength(1)
})

test('a program killed after paying asks the server at its next start and shows the paid order', async () => {
  const storage = new Map<string, string>()
  const killed = shop.aPhone({ storage })
  const shelf = await theShelf(killed)
  const paid = shop.loseAnswer('/_emulator/cashier')
  void shelf.tap('#buy-latte')
  await paid
  killed.close()

  const phone = shop.aPhone({ storage })
  await phone.open()
  await theOrder(phone, '支付成功')
  expect(phone.payments).toEqual([])
})

test('the product page says that there is no network, and a tap tries again', async () => {
  shop.disconnect('shop.test')
  const shelf = await shop.aPhone().open()
  await shelf.waitFor((page) => page.text('#trouble') === '网络不可用，请稍后再试')
  shop.disconnect()
  await shelf.tap('#reload')
  await shelf.waitFor((page) => page.text().includes('黄油可颂'))
})
