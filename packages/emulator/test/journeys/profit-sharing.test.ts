// Profit sharing with our SDK as a service provider: receiver, order, share, unfreeze, return, bill.

import { expect, test } from 'vitest'
import { clients, received } from '../client.ts'
import { aWorld, control, HOURS, MINUTES, payPartner, SECONDS } from '../world.ts'

test('a provider takes its part of a sub-merchant’s order, gives some back, and finds both in the bill', async () => {
  const world = await aWorld()
  const { provider } = clients(world)
  const { sp_appid, sp_mchid, sub_mchid } = world.emulator.settings.sp
  const { profitSharing, bills } = provider
  const self = { type: 'MERCHANT_ID' as const, account: sp_mchid }
  await profitSharing.addReceiver({ sub_mchid, appid: sp_appid, ...self, name: '服务商', relation_type: 'SERVICE_PROVIDER' })
  await control(world, 'POST', '/profit-sharing/notify-url', { mchid: sp_mchid, notify_url: 'https://sp.test/shared' })
  await payPartner(world, { settle_info: { profit_sharing: true }, amount: { total: 10_000 } })
  const { transaction_id = '' } = await provider.partner.byOutTradeNo({ sub_mchid, out_trade_no: 'partner-0001' })
  expect((await profitSharing.config(sub_mchid)).max_ratio).toBe(3000)
  await world.clock.advance(MINUTES)

  const receivers = [{ ...self, name: '服务商', amount: 600, description: '服务费' }]
  const request = { sub_mchid, transaction_id, out_order_no: 'share-1', receivers, unfreeze_unsplit: false }
  expect(await profitSharing.share(request)).toMatchObject({ state: 'PROCESSING' })
  expect(await profitSharing.share(request)).toMatchObject({ state: 'PROCESSING' })
  await world.clock.advance(3 * SECONDS)
  expect(await received(world, provider)).toMatchObject({ kind: 'profit-sharing', share: { receiver: { amount: 600 } } })
  expect(await profitSharing.query({ sub_mchid, transaction_id, out_order_no: 'share-1' })).toMatchObject({ state: 'FINISHED' })

  const back = { sub_mchid, out_order_no: 'share-1', out_return_no: 'return-1', return_mchid: sp_mchid, amount: 100, description: '退' }
  expect(await profitSharing.return(back)).toMatchObject({ result: 'SUCCESS' })
  expect(await profitSharing.unsplitAmount(transaction_id)).toMatchObject({ unsplit_amount: 9340 })
  await profitSharing.unfreeze({ sub_mchid, transaction_id, out_order_no: 'unfreeze-1', description: '完结' })
  await world.clock.advance(24 * HOURS)
  const bill = await bills.applyProfitSharing({ bill_date: '2026-11-24' })
  const lines = (await bills.download(bill)).toString('utf8').trimEnd().split('\r\n')
  expect(lines.slice(1, 4).map((line) => line.split(',').slice(6, 9))).toEqual([
    ['`1900000002', '`6.00', '`分账'],
    ['`1900000003', '`1.00', '`分账回退'],
    ['`1900000003', '`93.40', '`分账完结'],
  ])
  expect((await bills.fundFlow({ bill_date: '2026-11-24' })).rows.map((row) => [row.business_name, row.amount, row.balance])).toEqual([
    ['分账', 600, 600],
    ['分账回退', 100, 500],
  ])
})
