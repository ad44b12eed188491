// A merchant transfer with our SDK: created, confirmed on the phone, told, queried, cancelled, and in the OPERATION account's bill.

import { expect, test } from 'vitest'
import { clients, received } from '../client.ts'
import { aWorld, control, HOURS } from '../world.ts'

test('create, confirm, notification, query, cancel, bill', async () => {
  const world = await aWorld()
  const { shop } = clients(world)
  const { appid, mchid, users } = world.emulator.settings
  const transfer = (out_bill_no: string) => ({
    appid,
    out_bill_no,
    transfer_scene_id: '1000',
    openid: users[0]?.openid ?? '',
    user_name: '小明',
    transfer_amount: 500,
    transfer_remark: '活动奖励',
    notify_url: 'https://shop.test/transferred',
    transfer_scene_report_infos: [
      { info_type: '活动名称', info_content: '开业' },
      { info_type: '奖励说明', info_content: '新客' },
    ],
  })
  const { package_info, transfer_bill_no } = await shop.transfers.create(transfer('bill1'))
  await control(world, 'POST', '/transfer-confirm', { mchId: mchid, appId: appid, package: package_info })
  await world.emulator.deliverDue()
  expect(await received(world, shop)).toMatchObject({ kind: 'transfer', transfer: { state: 'SUCCESS', out_bill_no: 'bill1' } })
  expect(await shop.transfers.byBillNo(transfer_bill_no)).toMatchObject({ state: 'SUCCESS' })

  await shop.transfers.create(transfer('bill2'))
  expect(await shop.transfers.cancel('bill2')).toMatchObject({ state: 'CANCELING' })
  await world.emulator.deliverDue()
  expect(await shop.transfers.byOutBillNo('bill2')).toMatchObject({ state: 'CANCELLED' })
  await world.clock.advance(24 * HOURS)
  const { rows } = await shop.bills.fundFlow({ bill_date: '2026-11-24', account_type: 'OPERATION' })
  expect(rows.map((row) => [row.business_name, row.direction, row.balance])).toEqual([
    ['商家转账', 'out', 999_500],
    ['商家转账', 'out', 999_000],
    ['商家转账退回', 'in', 999_500],
  ])
})
