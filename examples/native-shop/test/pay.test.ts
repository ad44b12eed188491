// The compiled native mini program, tapped: from the products to a known outcome, with a real server and the emulator.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MiniProgram, Page } from '@cashdesk/headless'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { aShop, type Shop } from './a-shop.ts'

const dir = mkdtempSync(join(tmpdir(), 'native-shop-'))
let shop: Shop

beforeAll(() => void execFileSync('npm', ['run', 'build', '--', dir], { cwd: join(import.meta.dirname, '..') }))
afterAll(() => rmSync(dir, { recursive: true }))
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

test('a latte is bought, and the order page shows what the server says', async () => {
  const phone = shop.aPhone()
  const shelf = await theShelf(phone)
  await shelf.tap('buy', { dataset: { id: 'latte' } })

  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付成功')
  expect(order.text('#total')).toBe('¥28.00')
  const out_trade_no = String(order.query['id'])
  expect(await shop.world.order(out_trade_no)).toMatchObject({ state: 'paid', amount: { total: 2800 } })
  expect(phone.logins).toHaveLength(1)
  expect(phone.payments.map(({ said }) => said)).toEqual([{ errMsg: 'requestPayment:ok' }])
  expect(Object.keys(phone.payments[0]?.fields ?? {}).sort()).toEqual(['nonceStr', 'package', 'paySign', 'signType', 'timeStamp'])
  expect(phone.errors).toEqual([])

  await order.tap('#home')
  expect((await phone.waitForPage('pages/index/index')).data['buying']).toBe('')
})

test('a cancelled payment is shown as cancelled, not as paid', async () => {
  const phone = shop.aPhone({ cashier: 'cancel' })
  await (await theShelf(phone)).tap('#buy-beans')
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付已取消')
  expect(order.query['status']).toBe('cancelled')
  expect(await shop.world.order(String(order.query['id']))).toMatchObject({ state: 'pending' })
})

test('a double tap makes one order and one payment', async () => {
  const phone = shop.aPhone()
  const shelf = await theShelf(phone)
  const first = shelf.tap('#buy-latte')
  await expect(shelf.tap('#buy-latte')).rejects.toThrow('is disabled')
  await first
  expect(phone.payments).toHaveLength(1)
  expect(phone.requests.filter(({ url }) => url.endsWith('/checkout'))).toHaveLength(1)
})

test('a program killed after paying asks the server at its next start and shows the paid order', async () => {
  const storage = new Map<string, string>()
  const killed = shop.aPhone({ storage })
  const shelf = await theShelf(killed)
  // WeChat has the money, and the program no longer runs when its answer arrives.
  const paid = shop.loseAnswer('/_emulator/cashier')
  void shelf.tap('#buy-latte')
  await paid
  killed.close()

  const phone = shop.aPhone({ storage })
  await phone.open()
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付成功')
})

test('the product page says that there is no network, and a tap tries again', async () => {
  shop.disconnect('shop.test')
  const phone = shop.aPhone()
  const shelf = await phone.open()
  await shelf.waitFor((page) => page.text('#trouble') === '网络不可用，请稍后再试')
  shop.disconnect()
  await shelf.tap('#reload')
  await shelf.waitFor((page) => page.text().includes('拿铁'))
  expect(shelf.text()).toContain('黄油可颂')
  expect(shelf.elements('#trouble')).toEqual([])
})

test('an order opens from WeChat’s order centre by its number alone', async () => {
  const { out_trade_no } = await shop.world.placeOrder()
  const order = await shop.aPhone().open('pages/order/order', { id: out_trade_no })
  await order.waitFor((page) => page.text('#title') === '等待付款')
})
