// J3: one user goes from login to refund. The openid arrives where it must, and is readable nowhere in the database or the logs.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { aDatabase } from '../support/database.ts'
import { aWorld } from '../support/world.ts'

test.each(['shop', 'mall'] as const)('J3: no openid of %s is readable in the database', async (merchant) => {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-at-rest-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const told: string[] = []
  const world = await aWorld({
    databaseURL: await aDatabase(join(folder, 'at-rest.db')),
    async deliver(request) {
      told.push(await request.text())
      return new Response(null, { status: 204 })
    },
  })
  const { settings } = world.emulator
  await world.api(`/v1/webhook_endpoints?merchant=${merchant}`, { method: 'POST', json: { url: 'https://shop.example.com/hook' } })
  const appid = merchant === 'shop' ? settings.appid : settings.sp.sub_appid
  const phone = world.aPhone({ appid, user: '张三丰', afterCashier: () => world.emulator.deliverDue() })
  const order = await world.placeOrder({ merchant })
  await phone.cashdesk.pay(order)
  await world.placeOrder({ merchant, payer: { appid, openid: phone.openid } })
  const refund = { out_refund_no: 'REFUND-1', amount: { refund: 100 } }
  await world.api(`/v1/orders/${order.out_trade_no}/refunds?merchant=${merchant}`, { method: 'POST', json: refund })
  await world.clock.advance(10_000)
  await world.emulator.deliverDue()
  await world.deliver()

  // The API shows it to those who may see it.
  expect(phone.openid).toMatch(/^[\w-]{20,}$/)
  expect(await world.order(order.out_trade_no, merchant)).toMatchObject({ state: 'paid', payer: { openid: phone.openid } })
  expect(told.filter((text) => text.includes(phone.openid))).toHaveLength(1)
  expect(await world.events(order.out_trade_no, merchant)).toEqual(['order.paid', 'refund.succeeded'])

  let rows = ''
  await world.world.store.exportTo(async (text) => {
    rows += text
  })
  await world.close()
  expect(rows.match(/enc1:/g)?.length).toBeGreaterThanOrEqual(5)
  expect(rows).not.toContain(phone.openid)
  expect(JSON.stringify(world.logs)).not.toContain(phone.openid)
  for (const name of readdirSync(folder)) expect([name, readFileSync(join(folder, name)).includes(phone.openid)]).toEqual([name, false])
})

test('A9: the secrets of endpoints, old ones included, and the key of client secrets are not readable in the database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-at-rest-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const signatures: string[] = []
  const world = await aWorld({
    databaseURL: await aDatabase(join(folder, 'secrets.db')),
    async deliver(request) {
      signatures.push(request.headers.get('webhook-signature') ?? '')
      return new Response(null, { status: 204 })
    },
  })
  const made = await world.api('/v1/webhook_endpoints?merchant=shop', { method: 'POST', json: { url: 'https://shop.example.com/hook' } })
  const { id, secret } = (await made.json()) as { id: string; secret: string }
  const rotated = await world.api(`/v1/webhook_endpoints/${id}/rotate?merchant=shop`, { method: 'POST' })
  const { secret: second } = (await rotated.json()) as { secret: string }
  const order = await world.placeOrder()
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  await world.deliver()
  // Both secrets still sign.
  expect(signatures.map((text) => text.split(' ').length)).toEqual([2])

  let rows = ''
  await world.world.store.exportTo(async (text) => {
    rows += text
  })
  await world.close()
  expect(rows).toMatch(/"client_secret_key","value":"enc1:/)
  for (const one of [secret, second]) {
    expect(rows).not.toContain(one)
    for (const name of readdirSync(folder)) expect([name, readFileSync(join(folder, name)).includes(one)]).toEqual([name, false])
  }
})
