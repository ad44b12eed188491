// What requestPayment's words mean, and what a person can do (WeChat's errMsg variants; they differ by platform).

import type { Said } from './host.ts'

/** `ok` is no proof that money came, and `cancel` none that it did not. */
export type Result = 'ok' | 'cancel' | 'fail'

export interface Explanation {
  /** WeChat's own words. */
  errMsg: string
  zh: string
  en: string
}

export function resultOf(said: Said): Result {
  if (/^requestPayment:ok$/.test(said.errMsg)) return 'ok'
  if (/^requestPayment:(fail[ :]*)?cancel/.test(said.errMsg)) return 'cancel'
  return 'fail'
}

const CAUSES: readonly [RegExp, string, string][] = [
  [/cancel/, '用户取消了支付。', 'The user closed the cashier.'],
  [
    /签名|verify signature/i,
    '支付签名验证失败：请原样传递服务端返回的五个字段。',
    'WeChat refused the pay signature: pass the five fields on exactly as the server sent them.',
  ],
  [
    /缺少参数/,
    'prepay_id 无效或已超过 2 小时：请重新发起支付。',
    'The prepay_id is unusable or older than 2 hours: start the payment again.',
  ],
  [
    /no permission|access denied|banned/,
    '小程序的支付权限被关闭：请查看小程序后台通知。',
    "The program's payment is switched off: see the notices in its console.",
  ],
  [/appid/i, '下单的 appid 与当前小程序不一致。', 'The order was placed for another appid than this program.'],
  [
    /openid|账号不一致/,
    '支付账号与下单账号不一致：请重新下单。',
    'Another WeChat account pays than the one that ordered: place a new order.',
  ],
  [/已支付/, '订单已支付。', 'The order is already paid.'],
  [/失效|已关闭/, '订单已失效：请重新下单。', 'The order has lapsed: place a new one.'],
  [/timeout|time out|interrupted|network/i, '网络异常：请检查网络后重试。', 'The network failed: check it and try again.'],
]

export function explain(said: Said & { err_desc?: unknown }): Explanation {
  const words = `${said.errMsg} ${typeof said.err_desc === 'string' ? said.err_desc : ''}`
  for (const [pattern, zh, en] of CAUSES) if (pattern.test(words)) return { errMsg: said.errMsg, zh, en }
  return { errMsg: said.errMsg, zh: '支付未完成，请稍后重试。', en: 'The payment did not complete. Try again later.' }
}
