// Floods of garbage and texts of every kind: the server answers correctly and quickly, and stays sound.

import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { aWorld, type TestWorld } from '../support/world.ts'

let open: TestWorld | undefined
afterEach(() => open?.close())

test('J7: thousands of forged notifications are refused cheaply, and a genuine one among them is accepted at once', async () => {
  const world = await aWorld()
  open = world
  const order = await world.placeOrder()
  await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
  const garbage = (i: number) =>
    world.fetch('/wechat/shop/notify/payment', {
      method: 'POST',
      headers: {
        'wechatpay-timestamp': String(Math.floor(world.clock.now() / 1000)),
        'wechatpay-nonce': `n${i}`,
        'wechatpay-signature': 'A'.repeat(344),
        'wechatpay-serial': `PUB_KEY_ID_${i}`,
      },
      body: '{}',
    })
  const began = performance.now()
  const flood = Promise.all(Array.from({ length: 3000 }, (_, i) => garbage(i)))
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  const taken = performance.now() - began
  const statuses = new Set((await flood).map(({ status }) => status))
  expect([...statuses].every((status) => status >= 400 && status < 500)).toBe(true)
  expect((await world.order(order.out_trade_no)).state).toBe('paid')
  // The flood and its answers share this process and its core with everything else.
  expect(taken).toBeLessThan(10_000)
  expect(await world.world.store.transaction((tx) => tx.notifications.count('shop'))).toBe(1)
})

test('J7: a body over the limit is refused before it is read', async () => {
  const world = await aWorld()
  open = world
  const answer = await world.fetch('/wechat/shop/notify/payment', { method: 'POST', body: 'x'.repeat(1_000_000) })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
})

test('J8: any text in description, attach and metadata is either refused clearly or returned unchanged', async () => {
  const world = await aWorld()
  open = world
  let n = 0
  const text = fc.string({ unit: 'binary', maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(text, text, text, async (description, attach, note) => {
      const order = {
        merchant: 'shop',
        out_trade_no: `FUZZ-${++n}`.padEnd(8, '0'),
        description,
        attach,
        metadata: { note },
        amount: { total: 1 },
      }
      const answer = await world.api('/v1/orders', { method: 'POST', json: order })
      expect(answer.status, await answer.clone().text()).toBeLessThan(500)
      if (answer.status === 201) expect(await world.order(order.out_trade_no)).toMatchObject({ description, attach, metadata: { note } })
      else expect(await answer.json()).toMatchObject({ code: 'invalid_request' })
    }),
    { numRuns: 150 },
  )
  // A log line is one line.
  for (const { fields } of world.logs) expect(JSON.stringify(fields)).not.toContain('\n')
})
