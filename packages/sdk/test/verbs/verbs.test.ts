// Every verb: the right method, path, query and closed body; the answer handed back; sensitive fields sealed on the way.

import { describe, expect, test } from 'vitest'
import type { WechatPay } from '../../src/index.ts'
import { type Asked, scripted } from '../scripted.ts'
import { IDS } from '../wechat.ts'

const refund = {
  refund_id: '50300',
  out_refund_no: 'REFUND-1',
  transaction_id: '4200',
  out_trade_no: 'ORDER-1',
  status: 'PROCESSING',
  amount: { total: 100, refund: 10, payer_total: 100, payer_refund: 10 },
}
const share = { transaction_id: '4200', out_order_no: 'SHARE-1', order_id: '3008', state: 'PROCESSING' }
const returned = {
  order_id: '3008',
  out_order_no: 'SHARE-1',
  out_return_no: 'BACK-1',
  return_id: '3009',
  return_mchid: '1900000009',
  amount: 1,
  result: 'SUCCESS',
}
const receiver = { type: 'MERCHANT_ID', account: '1900000009', relation_type: 'STORE' }
const combined = { combine_appid: 'wx', combine_mchid: IDS.mchid, combine_out_trade_no: 'COMBINE-1', sub_orders: [] }
const transfer = {
  out_bill_no: 'BILL1',
  transfer_bill_no: '1330',
  state: 'WAIT_USER_CONFIRM',
  create_time: '2026-11-24T10:00:00.000+08:00',
  package_info: 'p',
}
const sub = {
  mchid: IDS.mchid,
  attach: 'a',
  amount: { total_amount: 100, currency: 'CNY' as const },
  out_trade_no: 'SUB-0001',
  description: '拿铁',
}

interface Case {
  name: string
  act(client: WechatPay): Promise<unknown>
  asks: Partial<Asked>
  /** What WeChat answers, and the verb hands back. */
  answer?: object
}

const cases: Case[] = [
  {
    name: 'refunds.create',
    act: (c) =>
      c.refunds.create({
        out_trade_no: 'ORDER-1',
        out_refund_no: 'REFUND-1',
        amount: { refund: 10, total: 100, currency: 'CNY' },
        reason: undefined,
      }),
    asks: {
      method: 'POST',
      path: '/v3/refund/domestic/refunds',
      body: { out_trade_no: 'ORDER-1', out_refund_no: 'REFUND-1', amount: { refund: 10, total: 100, currency: 'CNY' } },
    },
    answer: refund,
  },
  {
    name: 'refunds.query',
    act: (c) => c.refunds.query({ out_refund_no: 'REFUND|1*@' }),
    asks: { method: 'GET', path: '/v3/refund/domestic/refunds/REFUND%7C1*%40', query: {} },
    answer: refund,
  },
  {
    name: 'refunds.query for a sub-merchant',
    act: (c) => c.refunds.query({ out_refund_no: 'REFUND-1', sub_mchid: '1900000003' }),
    asks: { query: { sub_mchid: '1900000003' } },
    answer: refund,
  },
  {
    name: 'profitSharing.query',
    act: (c) => c.profitSharing.query({ out_order_no: 'SHARE-1', transaction_id: '4200' }),
    asks: { method: 'GET', path: '/v3/profitsharing/orders/SHARE-1', query: { transaction_id: '4200' } },
    answer: share,
  },
  {
    name: 'profitSharing.unfreeze',
    act: (c) => c.profitSharing.unfreeze({ transaction_id: '4200', out_order_no: 'FREE-1', description: '解冻' }),
    asks: { method: 'POST', path: '/v3/profitsharing/orders/unfreeze' },
    answer: share,
  },
  {
    name: 'profitSharing.return',
    act: (c) =>
      c.profitSharing.return({
        out_order_no: 'SHARE-1',
        out_return_no: 'BACK-1',
        return_mchid: '1900000009',
        amount: 1,
        description: '回退',
      }),
    asks: { method: 'POST', path: '/v3/profitsharing/return-orders' },
    answer: returned,
  },
  {
    name: 'profitSharing.queryReturn',
    act: (c) => c.profitSharing.queryReturn({ out_return_no: 'BACK-1', out_order_no: 'SHARE-1' }),
    asks: { method: 'GET', path: '/v3/profitsharing/return-orders/BACK-1', query: { out_order_no: 'SHARE-1' } },
    answer: returned,
  },
  {
    name: 'profitSharing.unsplitAmount',
    act: (c) => c.profitSharing.unsplitAmount('4200'),
    asks: { method: 'GET', path: '/v3/profitsharing/transactions/4200/amounts' },
    answer: { transaction_id: '4200', unsplit_amount: 30 },
  },
  {
    name: 'profitSharing.deleteReceiver',
    act: (c) => c.profitSharing.deleteReceiver({ appid: 'wx', type: 'MERCHANT_ID', account: '1900000009' }),
    asks: { method: 'POST', path: '/v3/profitsharing/receivers/delete' },
    answer: receiver,
  },
  {
    name: 'profitSharing.config',
    act: (c) => c.profitSharing.config('1900000003'),
    asks: { method: 'GET', path: '/v3/profitsharing/merchant-configs/1900000003' },
    answer: { sub_mchid: '1900000003', max_ratio: 2000 },
  },
  {
    name: 'combine.jsapi',
    act: (c) =>
      c.combine.jsapi({
        combine_appid: 'wx',
        combine_out_trade_no: 'COMBINE-1',
        sub_orders: [sub, { ...sub, out_trade_no: 'SUB-0002' }],
        combine_payer_info: { openid: 'o' },
      }),
    asks: { method: 'POST', path: '/v3/combine-transactions/jsapi' },
    answer: { prepay_id: 'wx1' },
  },
  {
    name: 'combine.byOutTradeNo',
    act: (c) => c.combine.byOutTradeNo('COMBINE-1'),
    asks: { method: 'GET', path: '/v3/combine-transactions/out-trade-no/COMBINE-1' },
    answer: combined,
  },
  {
    name: 'transfers.byOutBillNo',
    act: (c) => c.transfers.byOutBillNo('BILL1'),
    asks: { method: 'GET', path: '/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/BILL1' },
    answer: transfer,
  },
  {
    name: 'transfers.byBillNo',
    act: (c) => c.transfers.byBillNo('1330'),
    asks: { method: 'GET', path: '/v3/fund-app/mch-transfer/transfer-bills/transfer-bill-no/1330' },
    answer: transfer,
  },
  {
    name: 'transfers.cancel',
    act: (c) => c.transfers.cancel('BILL1'),
    asks: { method: 'POST', path: '/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/BILL1/cancel', body: undefined },
    answer: { ...transfer, state: 'CANCELING', update_time: 't' },
  },
  {
    name: 'bills.applyTrade',
    act: (c) => c.bills.applyTrade({ bill_date: '2026-11-23', bill_type: 'ALL', tar_type: 'GZIP', sub_mchid: undefined }),
    asks: { method: 'GET', path: '/v3/bill/tradebill', query: { bill_date: '2026-11-23', bill_type: 'ALL', tar_type: 'GZIP' } },
    answer: { hash_type: 'SHA1', hash_value: 'a', download_url: 'https://x/' },
  },
  {
    name: 'bills.applyFundFlow',
    act: (c) => c.bills.applyFundFlow({ bill_date: '2026-11-23', account_type: 'BASIC' }),
    asks: { path: '/v3/bill/fundflowbill', query: { bill_date: '2026-11-23', account_type: 'BASIC' } },
    answer: { hash_type: 'SHA1', hash_value: 'a', download_url: 'https://x/' },
  },
  {
    name: 'bills.applyProfitSharing',
    act: (c) => c.bills.applyProfitSharing({ bill_date: '2026-11-23' }),
    asks: { path: '/v3/profitsharing/bills' },
    answer: { hash_type: 'SHA1', hash_value: 'a', download_url: 'https://x/' },
  },
  {
    name: 'bills.applySubMerchantFundFlow',
    act: (c) =>
      c.bills.applySubMerchantFundFlow({
        sub_mchid: '1900000003',
        bill_date: '2026-11-23',
        account_type: 'BASIC',
        algorithm: 'AEAD_AES_256_GCM',
      }),
    asks: { path: '/v3/bill/sub-merchant-fundflowbill' },
    answer: { download_bill_count: 0, download_bill_list: [] },
  },
]

test.each(cases)('$name', async ({ act, asks, answer }) => {
  const { client, asked } = await scripted(() => ({ json: answer }))
  expect(await act(client)).toEqual(answer)
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject(asks)
})

test('combine.close is answered 204', async () => {
  const { client, asked } = await scripted(() => ({}))
  await client.combine.close({
    combine_out_trade_no: 'COMBINE-1',
    combine_appid: 'wx',
    sub_orders: [{ mchid: IDS.mchid, out_trade_no: 'SUB-0001' }],
  })
  expect(asked[0]).toMatchObject({ path: '/v3/combine-transactions/out-trade-no/COMBINE-1/close', body: { combine_appid: 'wx' } })
})

describe('what is private travels sealed, and WeChat is told with which key', () => {
  test('a transfer', async () => {
    const { client, asked, unseal } = await scripted(() => ({ json: transfer }))
    await client.transfers.create({
      appid: 'wx',
      out_bill_no: 'BILL1',
      transfer_scene_id: '1005',
      openid: 'o',
      user_name: '张三',
      transfer_amount: 200_000,
      transfer_remark: '佣金',
      transfer_scene_report_infos: [{ info_type: '岗位类型', info_content: '骑手' }],
    })
    const body = asked[0]?.body as { user_name: string }
    expect(JSON.stringify(body)).not.toContain('张三')
    expect(unseal(body.user_name)).toBe('张三')
    expect(asked[0]?.serial).toMatch(/^PUB_KEY_ID_/)
  })

  test('a share, a receiver, an abnormal refund', async () => {
    const { client, asked, unseal } = await scripted((seen) => ({
      json: seen.path.includes('refund') ? refund : seen.path.includes('receivers') ? receiver : share,
    }))
    const named = { type: 'MERCHANT_ID' as const, account: '1900000009', name: '某某公司' }
    await client.profitSharing.share({
      transaction_id: '4200',
      out_order_no: 'SHARE-1',
      receivers: [{ ...named, amount: 1, description: '分' }],
      unfreeze_unsplit: true,
    })
    await client.profitSharing.addReceiver({ ...named, appid: 'wx', relation_type: 'STORE' })
    await client.refunds.applyAbnormal({
      refund_id: '50300',
      out_refund_no: 'REFUND-1',
      type: 'USER_BANK_CARD',
      bank_type: 'ICBC_DEBIT',
      bank_account: '6222',
      real_name: '张三',
    })
    const [first, second, third] = asked.map(
      (one) => one.body as { receivers: { name: string }[]; name: string; bank_account: string; real_name: string },
    )
    expect(unseal(first?.receivers[0]?.name ?? '')).toBe('某某公司')
    expect(unseal(second?.name ?? '')).toBe('某某公司')
    expect([unseal(third?.bank_account ?? ''), unseal(third?.real_name ?? '')]).toEqual(['6222', '张三'])
    expect(asked[2]?.path).toBe('/v3/refund/domestic/refunds/50300/apply-abnormal-refund')
  })
})

test.each<[string, (c: WechatPay) => Promise<unknown>, string]>([
  [
    'more refunded than paid',
    (c) => c.refunds.create({ out_trade_no: 'ORDER-1', out_refund_no: 'R', amount: { refund: 2, total: 1, currency: 'CNY' } }),
    '/amount/refund',
  ],
  [
    'a refund of no order',
    (c) => c.refunds.create({ out_refund_no: 'R', amount: { refund: 1, total: 1, currency: 'CNY' } }),
    '/transaction_id',
  ],
  [
    'a reason of more than 80 bytes',
    (c) =>
      c.refunds.create({
        out_trade_no: 'ORDER-1',
        out_refund_no: 'R',
        reason: '退'.repeat(27),
        amount: { refund: 1, total: 1, currency: 'CNY' },
      }),
    '/reason',
  ],
  ['a bill of another calendar', (c) => c.bills.applyTrade({ bill_date: '23.11.2026' }), '/bill_date'],
  [
    'a large transfer without a name',
    (c) =>
      c.transfers.create({
        appid: 'wx',
        out_bill_no: 'B1',
        transfer_scene_id: '1',
        openid: 'o',
        transfer_amount: 200_000,
        transfer_remark: 'x',
        transfer_scene_report_infos: [{ info_type: 'a', info_content: 'b' }],
      }),
    '/user_name',
  ],
])('refused before it is sent: %s', async (_, act, field) => {
  const { client, asked } = await scripted(() => ({}))
  await expect(act(client)).rejects.toMatchObject({ code: 'ERR_REQUEST_INVALID', outcome: 'refused', facts: { field } })
  expect(asked).toEqual([])
})

test('an answer without what the next step rests on is not handed over', async () => {
  const { client } = await scripted(() => ({ json: { ...refund, refund_id: '' } }))
  await expect(client.refunds.query({ out_refund_no: 'REFUND-1' })).rejects.toMatchObject({ code: 'ERR_MESSAGE_SHAPE' })
})

test('a balance that is short says: same number later', async () => {
  const { client } = await scripted(() => ({ status: 403, json: { code: 'NOT_ENOUGH', message: '基本账户余额不足，请充值后重新发起' } }))
  const asking = client.refunds.create({
    out_trade_no: 'ORDER-1',
    out_refund_no: 'REFUND-1',
    amount: { refund: 10, total: 100, currency: 'CNY' },
  })
  await expect(asking).rejects.toMatchObject({ outcome: 'refused', refusal: { code: 'NOT_ENOUGH', signed: true } })
})
