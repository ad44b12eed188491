// The sheet with the six digits: what it shows, what keeps it open, and what pays.

import { expect, test } from 'vitest'
import { aWorld, place, type World } from '../../world.ts'

const PASSWORD = '123456'

async function aSheet(world: World, total = 2800, out_trade_no = 'order-0001') {
  const { appid, users } = world.emulator.settings
  const prepay_id = await place(world, { out_trade_no, amount: { total } })
  const payment = { appId: appid, openid: users[0]?.openid ?? '', ...(await world.shop.paymentFields(appid, prepay_id)) }
  const ask = async (path: string, more: object = {}) => {
    const body = JSON.stringify({ ...payment, ...more })
    const answer = await world.emulator.fetch(new Request(`http://wechat.test/_emulator/${path}`, { method: 'POST', body }))
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return {
    open: (more = {}) => ask('cashier/open', more),
    confirm: (password = PASSWORD, more = {}) => ask('cashier/confirm', { password, ...more }),
  }
}

const payments = (world: World): number => world.emulator.truth().ledger.filter(({ kind }) => kind === 'payment').length

async function change(world: World, set?: { name: string; change: number }): Promise<number | undefined> {
  const init = set && { method: 'POST', body: JSON.stringify(set) }
  await world.emulator.fetch(new Request('http://wechat.test/_emulator/wallets', init))
  const answer = await world.emulator.fetch(new Request('http://wechat.test/_emulator/wallets'))
  const { wallets } = (await answer.json()) as { wallets: { name: string; change: number }[] }
  return wallets.find(({ name }) => name === '小明')?.change
}

test('it shows goods, fen and change; the right password pays, once, out of the change', async () => {
  const world = await aWorld()
  const sheet = await aSheet(world)
  expect((await sheet.open()).body).toEqual({
    sheet: { mchid: world.emulator.settings.mchid, description: expect.any(String) as string, total: 2800, change: 20_000 },
  })
  expect((await sheet.confirm()).body).toEqual({ result: { errMsg: 'requestPayment:ok' } })
  expect(await change(world)).toBe(17_200)
  expect((await sheet.confirm()).body).toMatchObject({ result: { errMsg: 'requestPayment:fail 该订单已支付' } })
  expect((await sheet.open()).body).toMatchObject({ result: { emulator: { code: 'PAID' } } })
  expect(payments(world)).toBe(1)
})

test('a wrong password and too little change keep it open and pay nothing; the card pays', async () => {
  const world = await aWorld()
  const sheet = await aSheet(world, 30_000)
  expect((await sheet.confirm('654321')).body).toEqual({ trouble: 'WRONG_PASSWORD' })
  expect((await sheet.confirm()).body).toEqual({ trouble: 'INSUFFICIENT_CHANGE' })
  expect(payments(world)).toBe(0)
  expect((await sheet.confirm(PASSWORD, { method: 'card' })).body).toEqual({ result: { errMsg: 'requestPayment:ok' } })
  expect(await change(world)).toBe(20_000)
  const [notification] = world.emulator.notifications()
  expect(notification?.resource).toMatchObject({ bank_type: 'ICBC_DEBIT' })
})

test('change is given and taken by hand, and a refund brings it back', async () => {
  const world = await aWorld()
  expect(await change(world, { name: '小明', change: 0 })).toBe(0)
  expect((await (await aSheet(world)).confirm()).body).toEqual({ trouble: 'INSUFFICIENT_CHANGE' })
  expect(await change(world, { name: '小明', change: 2800 })).toBe(2800)
  await (await aSheet(world)).confirm()
  expect(await change(world)).toBe(0)
  const [entry] = world.emulator.truth().ledger
  const transaction_id = entry?.kind === 'payment' ? entry.transaction_id : ''
  const body = JSON.stringify({ transaction_id, amount: 1000 })
  await world.emulator.fetch(new Request('http://wechat.test/_emulator/refunds', { method: 'POST', body }))
  await world.clock.advance(5000)
  expect(await change(world)).toBe(1000)
})

test.each([
  ['an unknown method', { method: 'gold' }, 'method'],
  ['no password', { password: undefined }, 'password'],
])('%s is a mistake of the caller', async (_, more, field) => {
  const sheet = await aSheet(await aWorld())
  const { status, body } = await sheet.confirm(PASSWORD, more)
  expect(status).toBe(400)
  expect(JSON.stringify(body)).toContain(field)
})
