// D7: the stored request of an order or refund is the one sent to WeChat, byte for byte, for a direct merchant and for a provider.

import { afterEach, expect, test } from 'vitest'
import { aWorld, type TestWorld } from '../support/world.ts'

let world: TestWorld
afterEach(() => world.close())

test('D7: the stored requests of orders, repeated orders and refunds are the sent ones, byte for byte', async () => {
  const sent: string[] = []
  world = await aWorld({
    async network(request, wechat) {
      if (request.method !== 'POST' || !request.url.includes('/v3/')) return wechat(request)
      const body = await request.clone().text()
      sent.push(body)
      // The first attempt of each gets no answer.
      return sent.filter((one) => one === body).length === 1 && body.includes('DIRECT-1')
        ? Promise.reject(new TypeError('lost'))
        : wechat(request)
    },
  })
  const { settings } = world.emulator
  const openid = settings.users[0]?.openid ?? ''
  const sub_openid = world.emulator.addUser('小红').openids[settings.sp.sub_appid] ?? ''
  const direct = {
    merchant: 'shop',
    out_trade_no: 'DIRECT-1',
    description: '拿铁 "大杯"',
    amount: { total: 2800 },
    attach: '桌 7',
    payer: { appid: settings.appid, openid },
  }
  const partner = { ...direct, merchant: 'mall', out_trade_no: 'PARTNER-1', payer: { appid: settings.sp.sub_appid, openid: sub_openid } }
  for (const order of [direct, direct, partner]) await world.api('/v1/orders', { method: 'POST', json: { ...order, pay: true } })
  const kept = (merchant: string, number: string): Promise<string | null | undefined> =>
    world.world.store.transaction(async (tx) => (await tx.orders.find(merchant, number))?.request)
  expect(sent.slice(0, 3)).toEqual([await kept('shop', 'DIRECT-1'), await kept('shop', 'DIRECT-1'), await kept('mall', 'PARTNER-1')])
  expect(JSON.parse(sent[0] ?? '')).toMatchObject({ mchid: settings.mchid })
  expect(JSON.parse(sent[2] ?? '')).toMatchObject({ sp_mchid: settings.sp.sp_mchid })

  const { prepay_id } = (await world.world.store.transaction((tx) => tx.orders.find('shop', 'DIRECT-1'))) ?? {}
  expect(prepay_id).toEqual(expect.any(String))
  await world.aPhone().cashdesk.pay(await world.placeOrder({ out_trade_no: 'REFUNDED-1' }))
  sent.length = 0
  await world.api('/v1/orders/REFUNDED-1/refunds?merchant=shop', {
    method: 'POST',
    json: { out_refund_no: 'R-1', amount: { refund: 100 }, reason: '不想要了' },
  })
  expect(sent).toEqual([(await world.world.store.transaction((tx) => tx.refunds.find('shop', 'R-1')))?.request])
})
