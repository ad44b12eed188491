// `cashdesk orders`: lists orders as the server knows them; `orders show` prints one order's whole history.

import { listQuery, type OrderAnswer } from '@cashdesk/contract'
import { type Command, command } from '../command/declaration.ts'
import { connected } from '../connect.ts'
import { look, queryOf } from '../look.ts'
import { CONNECT, JSON_OUTPUT, MERCHANT, PAGE } from '../options.ts'
import { storyText } from '../story.ts'

const EXIT = {
  1: { en: 'the server refused, could not be reached, or there is no database', zh: '服务拒绝、无法连接，或没有数据库' },
} as const

const show: Command = command({
  name: 'show',
  text: { en: 'tell the whole story of one order', zh: '一笔订单的完整经过' },
  more: {
    en: 'Each state and who said so, what WeChat notified and refused, events, refunds, incidents. Money is in yuan, times are Beijing’s.',
    zh: '每次状态变化及来源、微信的通知与拒绝、事件、退款、异常。金额以元计，时间为北京时间。',
  },
  options: { merchant: MERCHANT, json: JSON_OUTPUT, ...CONNECT },
  arguments: {
    OUT_TRADE_NO: {
      required: true,
      text: { en: 'its number, or the eight letters that a buyer reads from the phone', zh: '商户订单号，或买家手机上显示的八位编号' },
    },
  },
  examples: [
    {
      line: 'cashdesk orders show ORDER-20261124-0001',
      text: { en: 'from ./data/cashdesk.db', zh: '读取 ./data/cashdesk.db' },
    },
    {
      line: 'cashdesk orders show 7K3M9QXD --server http://127.0.0.1:8910',
      text: { en: 'by the letters that a buyer quotes', zh: '用买家提供的编号查询' },
    },
  ],
  exit: EXIT,

  async run({ merchant, json, ...where }, { OUT_TRADE_NO }, { say }) {
    const story = await connected(where, say, (client) => client.orders.story(OUT_TRADE_NO, { merchant }))
    console.log(json ? JSON.stringify(story) : storyText(story, say))
    return 0
  },
})

export const orders: Command = command({
  name: 'orders',
  text: { en: 'list orders, or show one', zh: '列出订单，或查看一笔' },
  options: {
    merchant: MERCHANT,
    state: { value: 'STATE', text: { en: 'only those in this state, such as paid', zh: '只列该状态的订单，例如 paid' } },
    ...PAGE,
    json: JSON_OUTPUT,
    ...CONNECT,
  },
  arguments: { OUT_TRADE_NO: { text: { en: 'only this order', zh: '只查该订单' } } },
  examples: [
    {
      line: 'cashdesk orders --state paid --limit 50',
      text: { en: 'the newest fifty that are paid', zh: '最新的五十笔已支付订单' },
    },
    {
      line: 'cashdesk orders ORDER-20261124-0001 --json --server http://127.0.0.1:8910',
      text: { en: 'one order, for a script', zh: '查询一笔，供脚本使用' },
    },
  ],
  exit: EXIT,
  subcommands: [show],

  async run(options, { OUT_TRADE_NO }, talk) {
    const { merchant, state, limit, after } = options
    if (OUT_TRADE_NO !== undefined)
      return look(
        options,
        { ...ROWS, ask: async ({ orders }) => ({ data: [await orders.get(OUT_TRADE_NO, { merchant })], next: null }) },
        talk,
      )
    const query = queryOf(listQuery, { merchant, state, limit, after })
    return look(options, { ...ROWS, ask: ({ orders }) => orders.list(query) }, talk)
  },
})

const ROWS = {
  head: ['out_trade_no', 'state', 'fen', 'refunded', 'created', 'paid'],
  row: ({ out_trade_no, state, amount, created_at, paid_at }: OrderAnswer): string[] => [
    out_trade_no,
    state,
    String(amount.total),
    String(amount.refunded),
    created_at,
    paid_at ?? '',
  ],
}
