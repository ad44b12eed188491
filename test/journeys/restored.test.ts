// What a restored backup does not know is learned from WeChat (G13).

import { afterEach, expect, test } from 'vitest'
import { aWorld, type TestWorld } from '../support/world.ts'

const open: TestWorld[] = []
const theWorld = async (...args: Parameters<typeof aWorld>): Promise<TestWorld> => {
  const world = await aWorld(...args)
  open.push(world)
  return world
}
afterEach(() => Promise.all(open.splice(0).map((world) => world.close())))

test('G13: paid after the backup that has the order as just created: the notification makes it paid, and names the payer', async () => {
  const restored = await theWorld()
  const lost = await theWorld({
    async notified(request, server) {
      const copy = request.clone()
      const { headers } = request
      const heard = await restored.fetch(new URL(request.url).pathname, {
        method: 'POST',
        headers: Object.fromEntries(headers),
        body: await copy.text(),
      })
      expect(heard.status).toBe(204)
      return server(request)
    },
  })
  const order = await lost.placeOrder({ out_trade_no: 'SINCE-0001' })
  await restored.placeOrder({ out_trade_no: 'SINCE-0001' })
  const phone = lost.aPhone()
  await phone.cashdesk.pay(order)
  await lost.clock.advance(1000)
  expect(await restored.order('SINCE-0001')).toMatchObject({ state: 'paid', payer: { openid: phone.openid }, late: false })
  expect(await restored.events('SINCE-0001')).toEqual(['order.paid'])
})
