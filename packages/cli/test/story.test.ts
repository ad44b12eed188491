// D1: `cashdesk orders show` prints everything that happened to an order: money in yuan, times in Beijing time, WeChat's own words.

import type { OrderStoryAnswer } from '@cashdesk/contract'
import { expect, test } from 'vitest'
import { sayIn } from '../src/command/language.ts'
import { beijing, storyText, yuan } from '../src/story.ts'

const at = '2026-11-24T16:30:00.000Z'
const wechat = { code: 'PARAM_ERROR', message: '金额有误', field: '/amount/total', request_id: '08F0DDC7' }
const story = {
  order: {
    merchant: 'shop',
    out_trade_no: 'ORDER-0001',
    reference: 'cart-7',
    description: '拿铁',
    amount: { total: 2805, currency: 'CNY', payer_total: 2800, paid_total: null, refund_reserved: 105, refunded: 5 },
    state: 'paid',
    mchid: '1900000001',
    sub_mchid: null,
    transaction_id: '4200000001',
    time_expire: at,
  },
  refunds: [{ out_refund_no: 'R-1', state: 'rejected', amount: { refund: 100 }, failure: 'PARAM_ERROR' }],
  entries: [
    {
      what: 'state',
      at,
      out_refund_no: null,
      from: 'none',
      to: 'created',
      version: 1,
      source: 'api',
      source_ref: null,
      notes: {},
      wechat: null,
    },
    {
      what: 'refusal',
      at,
      out_refund_no: 'R-1',
      op: 'refund',
      status: 400,
      wechat,
      signed: false,
      times: 3,
      last_at: at,
      support_id: '7K3M9QXD',
    },
    {
      what: 'state',
      at,
      out_refund_no: 'R-1',
      from: 'requested',
      to: 'rejected',
      version: 2,
      source: 'api',
      source_ref: '08F0DDC7',
      notes: { success_time: 'odd' },
      wechat,
    },
    { what: 'notification', at, out_refund_no: null, id: 'n-1', event_type: 'TRANSACTION.SUCCESS', outcome: 'observed' },
    { what: 'event', at, out_refund_no: null, id: 'evt_1', type: 'order.paid' },
    {
      what: 'delivery',
      at,
      out_refund_no: null,
      event_id: 'evt_1',
      endpoint_id: 'we_1',
      state: 'pending',
      attempts: 2,
      last_status: 500,
      last_error: 'slow',
    },
    { what: 'incident', at, out_refund_no: null, kind: 'payment_mismatch', state: 'open', detail: { 'amount.total': '1 / 2' } },
  ],
  next_check_at: at,
} as unknown as OrderStoryAnswer

test('D1: the story has one line for each thing that happened, in both languages when the locale names neither', () => {
  const when = '2026-11-25 00:30:00'
  expect(storyText(story, sayIn('both')).split('\n')).toEqual([
    'ORDER-0001  paid  ¥28.05  拿铁',
    'reference      cart-7',
    'merchant       shop (1900000001)',
    'transaction_id 4200000001',
    'paid 实付      ¥28.00',
    'refunded 已退  ¥0.05, held 退款占用 ¥1.05',
    `expires 过期   ${when}`,
    `next look 下次查询 ${when}`,
    'refund 退款    R-1  rejected  ¥1.00  PARAM_ERROR',
    '',
    'Times are Beijing’s · 以下为北京时间',
    `${when}  none → created  (api)`,
    `${when}  R-1: WeChat refused 微信拒绝 refund (HTTP 400, unsigned 未签名, 3 times 次, last 最近 ${when})`,
    '    PARAM_ERROR · 金额有误 · field 字段 /amount/total · Request-ID 08F0DDC7',
    '    the buyer quotes 买家编号 7K3M9QXD',
    `${when}  R-1: requested → rejected  (api 08F0DDC7)`,
    '    PARAM_ERROR · 金额有误 · field 字段 /amount/total · Request-ID 08F0DDC7',
    '    success_time: odd',
    `${when}  notification 收到通知 TRANSACTION.SUCCESS n-1 (observed)`,
    `${when}  event 事件 order.paid evt_1`,
    `${when}  delivery 推送 evt_1 → we_1: pending, 2 attempts 次, HTTP 500 slow`,
    `${when}  incident 异常 payment_mismatch (open)`,
    '    amount.total: 1 / 2',
  ])
})

test('D1: a story in one language contains no word of the other', () => {
  const english = storyText(story, sayIn('en'))
  expect(english).toContain('paid           ¥28.00\n')
  expect(english).toContain('WeChat refused refund (HTTP 400, unsigned, 3 times, last 2026-11-25 00:30:00)')
  // The description and WeChat's own sentence are data, so they may be in the other language.
  expect(english.replaceAll(/拿铁|金额有误/g, '')).not.toMatch(/\p{Script=Han}/u)
  const chinese = storyText(story, sayIn('zh'))
  expect(chinese).toContain('实付           ¥28.00\n')
  expect(chinese).toContain('微信拒绝 refund (HTTP 400, 未签名, 3 次, 最近 2026-11-25 00:30:00)')
  expect(chinese).not.toMatch(/Times|refused|attempts/)
})

test('amounts in yuan are exact, and times are Beijing’s, eight hours ahead of UTC', () => {
  expect([0, 1, 10, 100, 123456789, -5].map(yuan)).toEqual(['¥0.00', '¥0.01', '¥0.10', '¥1.00', '¥1234567.89', '-¥0.05'])
  expect(beijing('2026-12-31T16:00:00Z')).toBe('2027-01-01 00:00:00')
})
