// The test of docs/how-to/headless.md, unchanged: a mini program is paid in Node, by several people.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MiniProgram, runMiniProgram } from '@cashdesk/headless'
import { type RunningDev, startDev } from 'cashdesk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, startBackend } from './shop.ts'

const dir = mkdtempSync(join(tmpdir(), 'cashdesk-'))
let dev: RunningDev
let backend: Awaited<ReturnType<typeof startBackend>>

beforeAll(async () => {
  // An emulated WeChat and a payment server on free ports, then your backend, which uses them.
  dev = await startDev({ dir, port: 0, wechat_port: 0, phone_port: 0 })
  backend = await startBackend(dev)
})
afterAll(async () => {
  backend.close()
  await dev.close()
  rmSync(dir, { recursive: true })
})

/** A phone with its own user. The same name gives the same WeChat user. */
function aPhone(name = '小明'): MiniProgram {
  const { appid } = dev.emulator.settings
  const openid = dev.emulator.addUser(name).openids[appid]
  return runMiniProgram({ dir: bundle, appid, openid, emulator: dev.wechat, ext: { backend: backend.url, cashdesk: dev.server } })
}

test('a latte is paid', async () => {
  const phone = aPhone()
  const shelf = await phone.open('pages/index/index')
  await shelf.waitFor((page) => page.text('.name').includes('拿铁'))
  await shelf.tap('#buy-latte')

  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付成功')
  expect(phone.payments.map(({ said }) => said.errMsg)).toEqual(['requestPayment:ok'])
  phone.close()
})

test('a buyer who cancels sees 支付已取消, not 支付成功', async () => {
  const phone = aPhone()
  phone.setCashier('cancel')
  const shelf = await phone.open()
  await shelf.waitFor((page) => page.elements('#buy-latte').length > 0)
  await shelf.tap('#buy-latte')
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付已取消')
  phone.close()
})

test('an order whose notification is lost becomes paid', async () => {
  dev.emulator.faults.add({ fault: 'notification.lost' })
  const phone = aPhone()
  const shelf = await phone.open()
  await shelf.waitFor((page) => page.elements('#buy-latte').length > 0)
  await shelf.tap('#buy-latte')
  const order = await phone.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付成功')
  phone.close()
})

test('three people buy at the same time, and each pays for their own order', async () => {
  const phones = ['小明', '小红', '小刚'].map(aPhone)
  const ids = await Promise.all(
    phones.map(async (phone) => {
      const shelf = await phone.open()
      await shelf.waitFor((page) => page.elements('#buy-oolong').length > 0)
      await shelf.tap('#buy-oolong')
      const order = await phone.waitForPage('pages/order/order')
      await order.waitFor((page) => page.text('#title') === '支付成功')
      phone.close()
      return order.query['id']
    }),
  )
  expect(new Set(ids).size).toBe(3)
})
