// uni-app's own mp-weixin bundle, tapped in the headless host, with a real server and the emulator. Build it first.

import { join } from 'node:path'
import type { MiniProgram, Page } from '@cashdesk/headless'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aShop, type Shop } from '../../native-shop/test/a-shop.ts'

const dir = process.env['UNI_SHOP_DIST'] ?? join(import.meta.dirname, '../dist/build/mp-weixin')
let shop: Shop

beforeEach(async () => {
  shop = await aShop(dir)
})
afterEach(() => shop.close())

/** The first page, with the products on it. */
async function theShelves(phone: MiniProgram): Promise<Page> {
  const shelves = await phone.open()
  await shelves.waitFor((page) => page.text('.name').includes('拿铁'))
  return shelves
}

/** Puts these into the cart, and opens it. */
async function theCart(phone: MiniProgram, ...ids: string[]): Promise<Page> {
  const shelves = await theShelves(phone)
  for (const id of ids) await shelves.tap(`#add-${id}`)
  await shelves.waitFor((page) => page.text('.bar').includes(`共 ${ids.length} 件`))
  await shelves.tap('#to-cart')
  return phone.waitForPage('pages/cart/cart')
}

async function theOrder(phone: MiniProgram, title: string): Promise<Page> {
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === title)
  return order
}

test('a cart is paid, the order page shows what the server says, and the list shows the order', async () => {
  const phone = shop.aPhone()
  const cart = await theCart(phone, 'latte', 'latte', 'croissant')
  await cart.waitFor((page) => page.text('#pay').includes('¥68.00'))
  await cart.tap('#less-latte')
  await cart.waitFor((page) => page.text('#pay').includes('¥40.00'))
  await cart.tap('#pay')

  const order = await theOrder(phone, '支付成功')
  expect(order.text('#total')).toBe('¥40.00')
  const out_trade_no = String(order.query['id'])
  expect(await shop.world.order(out_trade_no)).toMatchObject({ state: 'paid', amount: { total: 4000 }, description: '拿铁×1、黄油可颂×1' })
  expect(phone.payments.map(({ said }) => said)).toEqual([{ errMsg: 'requestPayment:ok' }])

  await order.tap('#home')
  const shelves = await phone.waitForPage('pages/index/index')
  // The cart is empty, so coming back orders nothing again.
  expect(shelves.elements('#to-cart')).toEqual([])
  const orders = await phone.open('pages/orders/orders')
  await orders.waitFor((page) => page.text('.state') === '支付成功')
  await orders.tap(`#order-${out_trade_no}`)
  await theOrder(phone, '支付成功')
  expect(phone.errors).toEqual([])
})

test('a refund is shown as 退款中, then as 已退款', async () => {
  const phone = shop.aPhone()
  await (await theCart(phone, 'beans')).tap('#pay')
  const order = await theOrder(phone, '支付成功')
  await order.tap('#refund')
  await order.waitFor((page) => page.text('#title') === '退款中')
  expect(phone.modals).toEqual([{ title: '申请退款', content: '将 ¥68.00 按原路退回，确定吗？' }])
  await order.waitFor((page) => page.elements('#refund').length === 0)
  await shop.world.clock.advance(5000)
  await shop.world.emulator.deliverDue()
  await order.tap('#refresh')
  await order.waitFor((page) => page.text('#title') === '已退款')
  expect(order.text()).toContain('支付用户零钱')
  expect(await shop.world.order(String(order.query['id']))).toMatchObject({ state: 'paid', amount: { refunded: 6800 } })
})

test('a refund that the shopper does not confirm is not made', async () => {
  const phone = shop.aPhone()
  await (await theCart(phone, 'oolong')).tap('#pay')
  const order = await theOrder(phone, '支付成功')
  phone.setModalAnswer('cancel')
  await order.tap('#refund')
  await order.waitFor(() => phone.modals.length === 1)
  await order.tap('#refresh')
  await order.waitFor((page) => page.text('#title') === '支付成功')
  expect(phone.requests.filter(({ url }) => url.endsWith('/refund'))).toEqual([])
})

test('a cancelled payment is shown as cancelled, and the same order can be paid later', async () => {
  const phone = shop.aPhone({ cashier: 'cancel' })
  await (await theCart(phone, 'beans')).tap('#pay')
  const order = await theOrder(phone, '支付已取消')
  const out_trade_no = String(order.query['id'])
  expect(await shop.world.order(out_trade_no)).toMatchObject({ state: 'pending' })
  phone.setCashier('pay')
  await order.tap('#pay')
  await order.waitFor((page) => page.text('#title') === '支付成功')
  expect(await shop.world.order(out_trade_no)).toMatchObject({ state: 'paid' })
  expect(phone.requests.filter(({ url }) => url.endsWith('/checkout'))).toHaveLength(1)
})

test('a failed payment is shown as failed, not as paid', async () => {
  const phone = shop.aPhone({ cashier: 'fail' })
  await (await theCart(phone, 'oolong')).tap('#pay')
  const order = await theOrder(phone, '支付未完成')
  expect(await shop.world.order(String(order.query['id']))).toMatchObject({ state: 'pending' })
})

test('a double tap makes one order and one payment', async () => {
  const phone = shop.aPhone()
  const cart = await theCart(phone, 'latte')
  await Promise.all([cart.tap('#pay'), cart.tap('#pay')])
  await theOrder(phone, '支付成功')
  expect(phone.payments).toHaveLength(1)
  expect(phone.requests.filter(({ url }) => url.endsWith('/checkout'))).toHaveLength(1)
})

test('a program killed while ordering keeps its cart, and ordering again gives the same order', async () => {
  const storage = new Map<string, string>()
  const killed = shop.aPhone({ storage })
  const ordered = shop.loseAnswer('/checkout')
  // Not awaited, because the program is killed and its handler never ends.
  void (await theCart(killed, 'latte')).tap('#pay')
  await ordered
  killed.close()

  const phone = shop.aPhone({ storage })
  const shelves = await theShelves(phone)
  await shelves.tap('#to-cart')
  await (await phone.waitForPage('pages/cart/cart')).tap('#pay')
  await theOrder(phone, '支付成功')
  const { data } = (await (await shop.world.api('/v1/orders?merchant=shop')).json()) as { data: unknown[] }
  expect(data).toHaveLength(1)
})

test('an order waits while the payment server is away, and is paid later', async () => {
  const phone = shop.aPhone()
  const cart = await theCart(phone, 'latte')
  shop.disconnect('cashdesk.test')
  await cart.tap('#pay')
  const order = await theOrder(phone, '正在确认付款')
  expect(order.text('#note')).toContain('不要重复付款')
  shop.disconnect()
  await order.tap('#pay')
  await order.waitFor((page) => page.text('#title') === '支付成功')
})

test('the product page says that there is no network, and a tap tries again', async () => {
  shop.disconnect('shop.test')
  const shelves = await shop.aPhone().open()
  await shelves.waitFor((page) => page.text('.trouble').includes('网络不可用'))
  shop.disconnect()
  await shelves.tap('#reload')
  await shelves.waitFor((page) => page.text().includes('黄油可颂'))
})

test('a program killed after paying asks the server at its next start and shows the paid order', async () => {
  const storage = new Map<string, string>()
  const killed = shop.aPhone({ storage })
  const cart = await theCart(killed, 'latte')
  const paid = shop.loseAnswer('/_emulator/cashier')
  // Not awaited, because the program is killed and its handler never ends.
  void cart.tap('#pay')
  await paid
  killed.close()

  const phone = shop.aPhone({ storage })
  await phone.open()
  await theOrder(phone, '支付成功')
  expect(phone.payments).toEqual([])
})

test('an order whose notification is lost becomes paid by the phone’s question', async () => {
  shop.world.emulator.faults.add({ fault: 'notification.lost' })
  const phone = shop.aPhone()
  const cart = await theCart(phone, 'latte')
  await cart.tap('#pay')
  const order = await theOrder(phone, '支付成功')
  const out_trade_no = String(order.query['id'])
  await shop.world.emulator.deliverDue()
  const lost = shop.world.emulator.notifications().find((one) => one.out_trade_no === out_trade_no)
  expect(lost).toMatchObject({ state: 'waiting', deliveries: [{ fault: 'notification.lost' }] })
  expect(await shop.world.order(out_trade_no)).toMatchObject({ state: 'paid' })
})

test('two shoppers at the same time each pay and see only their own orders', async () => {
  const { appid } = shop.world.emulator.settings
  const shoppers = ['小明', '小红'].map((name) => {
    const openid = shop.world.emulator.addUser(name).openids[appid]
    return shop.aPhone({ openid })
  })
  const ids = await Promise.all(
    shoppers.map(async (phone) => {
      await (await theCart(phone, 'latte')).tap('#pay')
      return String((await theOrder(phone, '支付成功')).query['id'])
    }),
  )
  expect(new Set(ids).size).toBe(2)
  for (const [i, phone] of shoppers.entries()) {
    const orders = await phone.open('pages/orders/orders')
    await orders.waitFor((page) => page.text('.state') === '支付成功')
    expect(orders.elements(`#order-${ids[i]}`)).toHaveLength(1)
    expect(orders.elements(`#order-${ids[1 - i]}`)).toEqual([])
  }
})

test('an order opens from WeChat’s order centre by its number alone', async () => {
  const { out_trade_no } = await shop.world.placeOrder()
  const order = await shop.aPhone().open('pages/order/order', { id: out_trade_no })
  await order.waitFor((page) => page.text('#title') === '等待付款')
})
