// `cashdesk refunds`: the refunds of one order.

import type { RefundAnswer } from '@cashdesk/contract'
import { type Command, command } from '../command/declaration.ts'
import { look } from '../look.ts'
import { CONNECT, JSON_OUTPUT, MERCHANT } from '../options.ts'

export const refunds: Command = command({
  name: 'refunds',
  text: { en: 'list the refunds of an order', zh: '列出一笔订单的退款' },
  options: { merchant: MERCHANT, json: JSON_OUTPUT, ...CONNECT },
  arguments: { OUT_TRADE_NO: { required: true, text: { en: 'the number of the order', zh: '商户订单号' } } },
  examples: [
    {
      line: 'cashdesk refunds ORDER-20261124-0001 --server http://127.0.0.1:8910',
      text: { en: 'from a running server', zh: '从运行中的服务查询' },
    },
  ],
  exit: { 1: { en: 'the server refused, could not be reached, or there is no database', zh: '服务拒绝、无法连接，或没有数据库' } },

  run: (options, { OUT_TRADE_NO }, talk) =>
    look(options, { ...ROWS, ask: ({ refunds }) => refunds.ofOrder(OUT_TRADE_NO, { merchant: options.merchant }) }, talk),
})

const ROWS = {
  head: ['out_refund_no', 'state', 'fen', 'failure', 'created', 'succeeded'],
  row: ({ out_refund_no, state, amount, failure, created_at, succeeded_at }: RefundAnswer): string[] => [
    out_refund_no,
    state,
    String(amount.refund),
    failure ?? '',
    created_at,
    succeeded_at ?? '',
  ],
}
