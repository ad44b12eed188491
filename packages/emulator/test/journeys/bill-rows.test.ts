// The emulator's bills of one messy day, read row by row with our SDK: ALL is SUCCESS and REFUND together, the funds close, a sealed bill opens.

import type { TradeLine } from '@cashdesk/protocol'
import type { BillRows } from '@cashdesk/sdk'
import { expect, test } from 'vitest'
import { clients } from '../client.ts'
import { aWorld, HOURS, MINUTES, pay, payPartner, refund } from '../world.ts'

const DATE = { bill_date: '2026-11-24' }

async function read<Row>(bill: BillRows<Row, unknown>): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of bill) rows.push(...batch)
  return rows
}

/** A row by its contents: where it stands, and the two columns that only a bill of refunds has, do not count. */
const contents = ({ line: _line, more: _more, ...row }: TradeLine): string => JSON.stringify(row)

test('ALL is SUCCESS and REFUND together, as multisets, with the same sums', async () => {
  const world = await aWorld()
  const { shop } = clients(world)
  for (let i = 1; i <= 12; i++) {
    const out_trade_no = `order-${i}`
    await pay(world, { out_trade_no, description: i % 3 === 0 ? '拿铁, 大杯\\ 热' : '一杯咖啡', attach: `桌 ${i}` })
    await world.clock.advance(i * MINUTES)
    if (i % 4 === 0) await refund(world, { out_trade_no, out_refund_no: `refund-${i}` })
  }
  await world.clock.advance(24 * HOURS)
  const all = shop.bills.tradeRows({ ...DATE, tar_type: 'GZIP' })
  const success = shop.bills.tradeRows({ ...DATE, bill_type: 'SUCCESS' })
  const refunds = shop.bills.tradeRows({ ...DATE, bill_type: 'REFUND' })
  const rows = await read(all)
  const parts = [...(await read(success)), ...(await read(refunds))]
  expect(rows).toHaveLength(15)
  expect(parts.map(contents).sort()).toEqual(rows.map(contents).sort())
  expect(all.summary).toMatchObject({
    count: 15,
    total: success.summary?.total,
    applied_refund_total: refunds.summary?.applied_refund_total,
  })
  expect((success.summary?.fee_millifen ?? 0) + (refunds.summary?.fee_millifen ?? 0)).toBe(all.summary?.fee_millifen)
  const whole = await shop.bills.trade(DATE)
  expect(whole.rows.map(({ transaction_id, refund_id, total }) => [transaction_id, refund_id, total])).toEqual(
    rows.map(({ transaction_id, refund_id, total }) => [transaction_id, refund_id, total]),
  )
})

test('the fund-flow bill row by row: each balance follows from the one before', async () => {
  const world = await aWorld()
  const { shop } = clients(world)
  await pay(world)
  await refund(world)
  await world.clock.advance(24 * HOURS)
  const bill = shop.bills.fundFlowRows(DATE)
  const rows = await read(bill)
  let balance = 0
  for (const { direction, amount, balance: after } of rows) {
    balance += direction === 'in' ? amount : -amount
    expect(after).toBe(balance)
  }
  expect(bill.summary).toMatchObject({ count: rows.length, in_count: 1 })
})

test('C4: the sealed bill of a sub-merchant is opened, and its rows are its movements', async () => {
  const world = await aWorld()
  const { provider } = clients(world)
  await payPartner(world)
  await world.clock.advance(24 * HOURS)
  const { sub_mchid } = world.emulator.settings.sp
  for (const tar_type of [undefined, 'GZIP' as const]) {
    const bill = provider.bills.subMerchantFundFlowRows({ sub_mchid, ...DATE, account_type: 'BASIC', tar_type })
    expect(await read(bill)).toMatchObject([
      { direction: 'in', voucher: 'partner-0001' },
      { direction: 'out', business_type: '扣除交易手续费' },
    ])
    expect(bill.summary).toMatchObject({ count: 2, in_count: 1, out_count: 1 })
  }
})
