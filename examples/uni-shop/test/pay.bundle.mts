// The built mp-weixin program pays, in the headless host, against the whole world: WeChat, server and backend in one process.

import { type CashierAction, type MiniProgram, type Page, runMiniProgram } from '@cashdesk/emulator/host'
import { afterEach, expect, test, vi } from 'vitest'
import { API_KEY, aWorld, type TestWorld } from '../../../test/support/world.ts'
import { createShopBackend } from '../../shop-backend/src/app.ts'

const DIR = new URL('../dist/build/mp-weixin', import.meta.url).pathname
const running: MiniProgram[] = []

afterEach(() => {
  for (const program of running.splice(0)) program.close()
})

test('a tap on 购买 pays, and the order page says what the server says', async () => {
  const { world, program, index } = await aShop('pay')
  await index.tap('#buy-latte')
  const order = await program.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付成功')

  expect(order.query['outcome']).toBe('paid')
  expect(order.text('#total')).toBe('¥28.00')
  expect((await world.order(String(order.query['id']))).state).toBe('paid')
  expect(program.payments.map(({ said }) => said.errMsg)).toEqual(['requestPayment:ok'])
  expect(program.errors).toEqual([])
})

test('a closed cashier is no payment, and the shop can be tapped again', async () => {
  const { world, program, index } = await aShop('cancel')
  await index.tap('#buy-oolong')
  const order = await program.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付已取消')
  expect((await world.order(String(order.query['id']))).state).toBe('pending')

  await order.tap('#home')
  program.setCashier('pay')
  await shelf(program)
  await program.currentPage().tap('#buy-oolong')
  const second = await program.waitForPage('pages/order/order')
  await second.waitFor((page) => page.text('#title') === '支付成功')
  expect(program.payments.map(({ said }) => said.errMsg)).toEqual(['requestPayment:fail cancel', 'requestPayment:ok'])
})

test('a failure at the cashier is told, and nothing is paid', async () => {
  const { world, program, index } = await aShop('fail')
  await index.tap('#buy-latte')
  const order = await program.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付未完成')
  expect(order.text('#note')).toMatch(/^requestPayment:fail/)
  expect((await world.order(String(order.query['id']))).state).toBe('pending')
})

test('a backend that cannot be reached is said on the shelf, with a way to try again', async () => {
  let down = true
  const { index } = await aShop('pay', { isDown: () => down })
  await index.waitFor((page) => page.text('#trouble') === '网络不可用，请稍后再试')
  down = false
  await index.tap('#reload')
  await index.waitFor((page) => page.elements('.buy').length === 4)
})

test('a person who leaves at the cashier after paying finds the paid order when coming back', async () => {
  const storage = new Map<string, string>()
  let left = false
  const { world, program, index } = await aShop('pay', {
    storage,
    afterCashier() {
      left = true
      program.close()
    },
  })
  // Not awaited: with the program gone, its handler never ends.
  void index.tap('#buy-latte')
  await vi.waitFor(() => expect(left).toBe(true))

  const again = open(world, 'pay', { storage })
  await again.open()
  const order = await again.waitForPage('pages/order/order')
  await order.waitFor((page) => page.text('#title') === '支付成功')
  expect(again.payments).toEqual([])
})

interface Circumstances {
  /** The backend cannot be reached. */
  isDown?: () => boolean
  /** The cashier has spoken, the program has not heard. */
  afterCashier?: () => void
  storage?: Map<string, string>
}

async function aShop(
  cashier: CashierAction,
  circumstances: Circumstances = {},
): Promise<{ world: TestWorld; program: MiniProgram; index: Page }> {
  const world = await aWorld()
  const program = open(world, cashier, circumstances)
  await program.open()
  if (!circumstances.isDown?.()) await shelf(program)
  return { world, program, index: program.currentPage() }
}

function open(world: TestWorld, cashier: CashierAction, { isDown, afterCashier, storage }: Circumstances = {}): MiniProgram {
  const cashdesk = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    const headers = Object.fromEntries(request.headers)
    const body = await request.text()
    return world.fetch(pathname + search, { method: request.method, headers, ...(body !== '' && { body }) })
  }
  const backend = createShopBackend({ cashdeskURL: 'http://cashdesk.test', apiKey: API_KEY, merchant: 'shop', fetch: cashdesk })
  const program = runMiniProgram({
    dir: DIR,
    appid: world.emulator.settings.appid,
    emulator: 'http://wechat.test',
    cashier,
    storage,
    ext: { backend: 'http://shop.test', cashdesk: 'http://cashdesk.test' },
    async fetch(request) {
      const { host, pathname } = new URL(request.url)
      if (host === 'cashdesk.test') return cashdesk(request)
      if (host === 'shop.test') {
        if (isDown?.()) throw new TypeError('connection refused')
        return backend.fetch(request)
      }
      const answer = await world.emulator.fetch(request)
      if (pathname.endsWith('/cashier')) afterCashier?.()
      return answer
    },
  })
  running.push(program)
  return program
}

async function shelf(program: MiniProgram): Promise<void> {
  const index = await program.waitForPage('pages/index/index')
  await index.waitFor((page) => page.elements('.buy').length === 4)
}
