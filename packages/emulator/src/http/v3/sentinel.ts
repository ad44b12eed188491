// Errors on request: a free text (description, reason, …) that begins with `sentinel:CODE` is answered with that error.

import type { ErrorSpec } from '@cashdesk/protocol'
import { Refusal } from '../../platform/refusal.ts'

const FIELDS = ['description', 'reason', 'transfer_remark']

/** Checks whether the body asks for an error. @throws Refusal when it asks for one that this endpoint documents */
export function checkSentinel(errors: readonly ErrorSpec[], body: unknown): void {
  const code = FIELDS.map((field) => sentinelIn(member(body, field))).find((found) => found !== undefined) ?? inSubOrder(body)
  const spec = errors.find((error) => error.code === code)
  if (spec) throw provoked(spec)
}

/** The refusal with this code, and with WeChat's sentence for it where that is known. */
export function provoked({ status, code }: Pick<ErrorSpec, 'status' | 'code'>): Refusal {
  return new Refusal(status, code, MESSAGES[code.replaceAll('_', '')] ?? `${code}（由模拟器触发）`)
}

function inSubOrder(body: unknown): string | undefined {
  const subOrders = member(body, 'sub_orders')
  return Array.isArray(subOrders) ? sentinelIn(member(subOrders[0], 'description')) : undefined
}

function sentinelIn(text: unknown): string | undefined {
  return typeof text === 'string' ? /^sentinel:([A-Z_]+)/.exec(text)?.[1] : undefined
}

function member(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined
}

/** Sentences by code without underscores, because combined orders spell the same codes without them (v3-protocol §12). */
const MESSAGES: Readonly<Record<string, string>> = {
  PARAMERROR: '参数错误',
  INVALIDREQUEST: '请求参数符合参数格式，但不符合业务规则',
  SIGNERROR: '签名错误',
  NOAUTH: '商户无权限',
  APPIDMCHIDNOTMATCH: 'appid和mch_id不匹配，请检查后再试',
  MCHNOTEXISTS: '商户号不存在',
  ORDERCLOSED: '订单已关闭',
  ORDERPAID: '该订单已支付',
  OUTTRADENOUSED: '商户订单号重复',
  RULELIMIT: '业务规则限制',
  TRADEERROR: '交易错误',
  ACCOUNTERROR: '账号异常',
  NOTENOUGH: '余额不足',
  USERACCOUNTABNORMAL: '退款请求失败，商户可自行处理退款',
  REQUESTBLOCKED: '请求受阻',
  RESOURCENOTEXISTS: '记录不存在',
  ORDERNOTEXIST: '订单不存在',
  FREQUENCYLIMITED: '请求频率超过限制',
  FREQUENCYLIMITEXCEED: '请求频率超过限制',
  RATELIMITEXCEEDED: '请求频率超过限制',
  SYSTEMERROR: '系统异常，请稍后重试',
  BANKERROR: '银行系统异常',
  SERVICEUNAVAILABLE: '服务不可用，请稍后重试',
  NOSTATEMENTEXIST: '账单文件不存在',
  STATEMENTCREATING: '账单生成中',
  OPENIDMISMATCH: 'openid和appid不匹配',
  INVALIDTRANSACTIONID: '订单号非法',
  ALREADYEXISTS: '商户单号已存在',
  NOTFOUND: '记录不存在',
}
