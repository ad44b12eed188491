// uni-app's own mp-weixin bundle, tapped in the headless host, with a real server and the emulator behind it. Build it first.

import { join } from 'node:path'
import type { MiniProgram, Page } from '@cashdesk/emulator/host'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aShop, type Shop } from '../../native-shop/test/a-shop.ts'

const dir = process.env['UNI_SHOP_DIST'] ?? join(import.meta.dirname, '../dist/build/mp-weixin')
let shop: Shop

beforeEach(async () => {
  shop = await aShop(dir)
})
afterEach(() => shop.close())

/** The first page, with the goods on it. */
async function theShelf(phone: MiniProgram): Promise<Page> {
  const shelf = await phone.open()
  await shelf.waitFor((page) => page.text('.name').includes('拿铁'))
  return shelf
}

test('a latte is bought: the order page says what the server says', async () => {
  const phone = shop.aPhone()
  await (await theShelf(phone)).tap('#buy-latte')

  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付成功')
  const out_trade_no = String(order.query['id'])
  expect(await shop.world.order(out_trade_no)).toMatchObject({ state: 'paid', amount: { total: 2800 } })
  expect(phone.payments.map(({ said }) => said)).toEqual([{ errMsg: 'requestPayment:ok' }])
  expect(phone.errors).toEqual([])

  await order.tap('#home')
  await phone.waitForPage('pages/index/index')
})

test('a cancelled payment is cancelled, and nothing is claimed', async () => {
  const phone = shop.aPhone({ cashier: 'cancel' })
  await (await theShelf(phone)).tap('#buy-beans')
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付已取消')
  expect(await shop.world.order(String(order.query['id']))).toMatchObject({ state: 'pending' })
})

test('a failed payment is not paid, and says so', async () => {
  const phone = shop.aPhone({ cashier: 'fail' })
  await (await theShelf(phone)).tap('#buy-oolong')
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付未完成')
  expect(await shop.world.order(String(order.query['id']))).toMatchObject({ state: 'pending' })
})

test('a double tap is one order and one payment', async () => {
  const phone = shop.aPhone()
  const shelf = await theShelf(phone)
  await Promise.all([shelf.tap('#buy-latte'), shelf.tap('#buy-latte')])
  await phone.waitForPage('pages/order/order')
  expect(phone.payments).toHaveLength(1)
  expect(phone.requests.filter(({ url }) => url.endsWith('/checkout'))).toHaveLength(1)
})

test('without the network the shelf says so, and a tap tries again', async () => {
  shop.disconnect('shop.test')
  const shelf = await shop.aPhone().open()
  await shelf.waitFor((page) => page.text('.trouble').includes('网络不可用'))
  shop.disconnect()
  await shelf.tap('#reload')
  await shelf.waitFor((page) => page.text().includes('黄油可颂'))
})

test('after a cancelled payment the same thing can be bought', async () => {
  const phone = shop.aPhone({ cashier: 'cancel' })
  await (await theShelf(phone)).tap('#buy-oolong')
  await (await phone.waitForPage('pages/order/order')).tap('#home')
  phone.setCashier('pay')
  const shelf = await phone.waitForPage('pages/index/index')
  await shelf.waitFor((page) => page.text('.name').includes('冷泡乌龙'))
  await shelf.tap('#buy-oolong')
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付成功')
  expect(order.text('#total')).toBe('¥16.00')
  expect(phone.payments.map(({ said }) => said.errMsg)).toEqual(['requestPayment:fail cancel', 'requestPayment:ok'])
})

test('killed after paying, before the phone was told: at the next start it asks, and shows the paid order', async () => {
  const storage = new Map<string, string>()
  const killed = shop.aPhone({ storage })
  const shelf = await theShelf(killed)
  const paid = shop.loseAnswer('/_emulator/cashier')
  // Not awaited: with the program gone, its handler never ends.
  void shelf.tap('#buy-latte')
  await paid
  killed.close()

  const phone = shop.aPhone({ storage })
  await phone.open()
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付成功')
  expect(phone.payments).toEqual([])
})
