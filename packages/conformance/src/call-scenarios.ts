// The client's own calls (orders, queries, closing, refunds, payment fields), against a WeChat that answers correctly or plays a fault.

import type { FaultInput } from '@cashdesk/emulator'
import { orderAndPay } from './merchant.ts'
import { holding, type Played, type Scenario } from './scenario.ts'
import { NOTIFY_URL, type Stage } from './stage.ts'

const HEADERS = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial'] as const

/** The fault outlasts any number of retries. A client that retried until it got a good answer would hide how it treated the bad ones. */
const ALWAYS = 50

function under(fault: Omit<FaultInput, 'times'>, act: (stage: Stage) => Promise<Played>): Scenario['play'] {
  return async (stage) => {
    const { id } = stage.emulator.faults.add({ ...fault, match: { path: '/v3/pay' }, times: ALWAYS })
    try {
      return await act(stage)
    } finally {
      stage.emulator.faults.remove(id)
    }
  }
}

const order = (stage: Stage, more?: object): Promise<Played> => stage.driver.call('order', stage.anOrder(more))
const queryPaid = async (stage: Stage): Promise<Played> => {
  const paid = stage.anOrder()
  await orderAndPay(stage.emulator, paid)
  return stage.driver.call('query', { out_trade_no: paid.out_trade_no })
}

/** Two scenarios for one kind of untrustworthy answer: an answer to placing an order, and an answer to querying a paid one. */
function distrusted(fault: Omit<FaultInput, 'times'>, suffix: string, en: string, zh: string): Scenario[] {
  return [
    { name: `order.${suffix}`, en: `order: ${en}`, zh: `下单：${zh}`, right: 'rejected', play: under(fault, (stage) => order(stage)) },
    {
      name: `query.${suffix}`,
      en: `query of a paid order: ${en}`,
      zh: `查询已支付订单：${zh}`,
      right: 'rejected',
      async play(stage) {
        const paid = stage.anOrder()
        await orderAndPay(stage.emulator, paid)
        // The order is placed and paid before the fault begins.
        return under(fault, ({ driver }) => driver.call('query', { out_trade_no: paid.out_trade_no }))(stage)
      },
    },
  ]
}

export const callScenarios: readonly Scenario[] = [
  {
    name: 'order.plain',
    en: 'an order',
    zh: '下单',
    right: 'accepted',
    play: async (stage) => {
      const answer = await order(stage)
      if (answer.kind !== 'accepted') return answer
      return typeof answer.result['prepay_id'] === 'string' ? answer : { kind: 'wrong', error: 'no prepay_id' }
    },
  },
  {
    name: 'order.chinese',
    en: 'an order whose texts are Chinese: the signature covers bytes',
    zh: '含中文的下单：签名覆盖的是字节',
    right: 'accepted',
    play: (stage) => order(stage, { description: '拿铁咖啡（大杯）·加浓 ñ é' }),
  },
  {
    name: 'order.again',
    en: 'the same order again, as after a lost answer',
    zh: '应答丢失后以相同参数再次下单',
    right: 'accepted',
    async play(stage) {
      const same = stage.anOrder()
      await stage.driver.call('order', same)
      return stage.driver.call('order', same)
    },
  },
  {
    name: 'order.refused',
    en: 'an order that WeChat refuses: another amount under a used number',
    zh: '微信拒绝的下单：同一商户订单号、不同金额',
    right: 'rejected',
    async play(stage) {
      const first = stage.anOrder()
      await stage.driver.call('order', first)
      return stage.driver.call('order', { ...first, total: 2 })
    },
  },
  {
    name: 'pay_fields.plain',
    en: 'the fields of wx.requestPayment open the cashier',
    zh: '调起支付参数可以拉起收银台',
    right: 'accepted',
    async play(stage) {
      const own = stage.anOrder()
      const ordered = await stage.driver.call('order', own)
      if (ordered.kind !== 'accepted') return ordered
      const answer = await stage.driver.call('pay_fields', { prepay_id: ordered.result['prepay_id'] })
      if (answer.kind !== 'accepted') return answer
      const { errMsg } = stage.emulator.cashier({ ...answer.result, appId: stage.emulator.settings.appid, openid: own.openid })
      return errMsg === 'requestPayment:ok' ? answer : { kind: 'wrong', error: errMsg }
    },
  },
  {
    name: 'query.paid',
    en: 'a query of a paid order',
    zh: '查询已支付订单',
    right: 'accepted',
    play: async (stage) => {
      const answer = await queryPaid(stage)
      return answer.kind === 'accepted' ? holding(answer, { trade_state: 'SUCCESS', 'amount.total': 1 }) : answer
    },
  },
  {
    name: 'query.number',
    en: 'a query by a number with every character that is allowed: _ - | *',
    zh: '商户订单号含全部允许字符 _ - | * 的查询',
    right: 'accepted',
    async play(stage) {
      const paid = stage.anOrder({ out_trade_no: `${stage.number().slice(-8)}_-|*` })
      await orderAndPay(stage.emulator, paid)
      const answer = await stage.driver.call('query', { out_trade_no: paid.out_trade_no })
      return holding(answer, { out_trade_no: paid.out_trade_no })
    },
  },
  {
    name: 'query.unknown',
    en: 'a query of an order that does not exist',
    zh: '查询不存在的订单',
    right: 'rejected',
    play: (stage) => stage.driver.call('query', { out_trade_no: stage.number() }),
  },
  {
    name: 'close.plain',
    en: 'closing: the answer is an empty 204, and signed',
    zh: '关单：应答为空的 204，且带签名',
    right: 'accepted',
    async play(stage) {
      const own = stage.anOrder()
      await stage.driver.call('order', own)
      return stage.driver.call('close', { out_trade_no: own.out_trade_no })
    },
  },
  {
    name: 'refund.plain',
    en: 'a refund',
    zh: '申请退款',
    right: 'accepted',
    async play(stage) {
      const paid = stage.anOrder({ total: 3 })
      await orderAndPay(stage.emulator, paid)
      const { out_trade_no, total } = paid
      const input = { out_trade_no, out_refund_no: `${out_trade_no}R`, refund: 1, total, notify_url: NOTIFY_URL }
      return holding(await stage.driver.call('refund', input), { 'amount.refund': 1 })
    },
  },
  ...distrusted({ fault: 'answer.unsigned' }, 'unsigned', 'the answer is not signed', '应答没有签名'),
  ...HEADERS.flatMap((header) =>
    distrusted(
      { fault: 'answer.unsigned', header },
      `without_${header.slice('Wechatpay-'.length).toLowerCase()}`,
      `the answer lacks ${header}`,
      `应答缺少 ${header}`,
    ),
  ),
  ...distrusted({ fault: 'answer.bad_signature' }, 'bad_signature', 'the signature is of other bytes', '签名与报文不符'),
  ...distrusted({ fault: 'answer.stale', seconds: 301 }, 'stale', 'the answer was signed 301 s ago', '应答签名时间早于现在 301 秒'),
  ...distrusted({ fault: 'answer.future', seconds: 330 }, 'future', 'the answer is signed 330 s ahead', '应答签名时间晚于现在 330 秒'),
  ...distrusted({ fault: 'answer.wrong_serial' }, 'wrong_serial', 'the answer names an unknown serial', '应答的 Wechatpay-Serial 未知'),
  ...distrusted({ fault: 'answer.probe' }, 'probe', 'the answer is a signature probe', '应答为签名探测'),
  ...distrusted({ fault: 'answer.truncated' }, 'truncated', 'half of the answer arrives', '应答只到达一半'),
  ...distrusted({ fault: 'answer.http_500' }, 'http_500', 'answered 500', '应答 500'),
  ...distrusted({ fault: 'answer.lost' }, 'lost', 'the answer is lost', '应答丢失'),
]
