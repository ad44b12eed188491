// Writes docs/reference/emulator-errors.md: every code that the covered endpoints document, and how to make the emulator answer with it.

import { writeFileSync } from 'node:fs'
import { COMMON_ERRORS, type ErrorSpec } from '@cashdesk/protocol'
import * as spec from '@cashdesk/protocol/spec'
import { type Endpoint, MINI_PROGRAM_ERRORS, type MiniProgramEndpoint } from '@cashdesk/protocol/spec'
import * as v2 from '@cashdesk/protocol/v2/spec'

export const EMULATOR_ERRORS_PAGE: URL = new URL('../docs/reference/emulator-errors.md', import.meta.url)

/** The v3 endpoints of the spec, in order of path. */
export const V3_SPECS: readonly Documented[] = Object.values<unknown>(spec)
  .filter(isDocumented)
  .filter(({ path }) => path.startsWith('/v3/'))
  .toSorted((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`))

/** The endpoints of v2. */
export const V2_SPECS: readonly DocumentedV2[] = Object.values<unknown>(v2)
  .filter((value): value is DocumentedV2 => isDocumented(value) && 'certificate' in value)
  .toSorted(byPath)

type DocumentedV2 = Pick<v2.V2Endpoint<unknown>, 'path' | 'errors'>

/** The endpoints of api.weixin.qq.com. */
export const MINI_PROGRAM_SPECS: readonly DocumentedMini[] = Object.values<unknown>(spec)
  .filter((value): value is DocumentedMini => typeof value === 'object' && value !== null && 'errcodes' in value && 'path' in value)
  .toSorted(byPath)

type DocumentedMini = Pick<MiniProgramEndpoint, 'method' | 'path' | 'errcodes'>

type Documented = Pick<Endpoint, 'method' | 'path' | 'errors'>

function isDocumented(value: unknown): value is Documented {
  return typeof value === 'object' && value !== null && 'errors' in value && 'path' in value
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path.localeCompare(b.path)
}

/** Each code once, with its documented status. */
export function codesOf({ errors }: Pick<Endpoint, 'errors'>): ErrorSpec[] {
  return [...new Map(errors.toReversed().map((error) => [error.code, error])).values()].toReversed()
}

const COMMON = new Set(COMMON_ERRORS.map(({ code }) => code))

const INTRODUCTION = `# Every error code, and how to get it · 每个错误码及其触发方式

Written from the spec by \`npm run docs:emulator-errors\`. · 由规格生成（\`npm run docs:emulator-errors\`）。

Any code of any endpoint, once, without anything being done · 任意接口的任意错误码，触发一次，且不执行业务：

\`\`\`sh
curl http://127.0.0.1:8900/_emulator/faults --json '{"fault": "request.refused", "match": {"path": "/v3/refund"}, "code": "NOT_ENOUGH"}'
\`\`\`

Or by the request itself: \`sentinel:CODE\` in \`description\`, \`reason\` or \`transfer_remark\`. · 或由请求触发：在这些字段中填写 \`sentinel:CODE\`。

## The way it happens with the real one · 与真实微信支付相同的触发方式

| code | do this · 这样做 |
|---|---|
`

const NATURALLY: Readonly<Record<string, string>> = {
  PARAM_ERROR: 'leave out `description` · 不传 `description`',
  SIGN_ERROR: 'sign with another key, or ten minutes ago · 用其他私钥签名，或使用十分钟前的时间戳',
  INVALID_REQUEST: 'the same `out_trade_no` with another amount · 同一 `out_trade_no` 使用不同金额',
  APPID_MCHID_NOT_MATCH: 'an appid that is not bound to the merchant · 未与商户号绑定的 appid',
  ORDERPAID: 'order again under a paid number · 对已支付的商户订单号再次下单',
  ORDER_PAID: 'close a paid order · 关闭已支付的订单',
  ORDER_CLOSED: 'order again under a closed number · 对已关闭的商户订单号再次下单',
  ORDER_NOT_EXIST: 'query a number that nobody has used · 查询未使用过的商户订单号',
  RESOURCE_NOT_EXISTS: 'query a refund that nobody has made · 查询不存在的退款',
  NOT_ENOUGH: '`POST /_emulator/balances {"mchid", "account": "BASIC", "available": 0}`, then refund · 然后申请退款',
  NO_STATEMENT_EXIST: 'ask for the bill of a day without payments · 申请没有交易日期的账单',
  STATEMENT_CREATING: 'ask for yesterday’s bill before 10:00 in Beijing · 北京时间 10:00 之前申请昨日账单',
  FREQUENCY_LIMITED: '`POST /_emulator/behaviour {"rate_limits": {"/v3/pay": 1}}`, then call twice in a second · 然后一秒内调用两次',
  SYSTEM_ERROR: 'fault `answer.http_500`: it is done all the same · 故障 `answer.http_500`：业务仍会执行',
  NOT_FOUND: 'query a transfer that nobody has made · 查询不存在的转账单',
  ALREADY_EXISTS: 'the same `out_bill_no` with another amount · 同一 `out_bill_no` 使用不同金额',
}

export function emulatorErrorsPage(): string {
  const natural = Object.entries(NATURALLY).map(([code, how]) => `| \`${code}\` | ${how} |`)
  const common = COMMON_ERRORS.map(({ status, code }) => `${status} \`${code}\``).join(', ')
  const rows = V3_SPECS.map(({ method, path, errors }) => {
    const own = errors
      .filter(({ code }) => !COMMON.has(code))
      .map(({ status, code }) => `${status} \`${code}\``)
      .join(', ')
    return `| \`${method} ${path}\` | ${own === '' ? '–' : own} |`
  })
  return [
    `${INTRODUCTION}${natural.join('\n')}`,
    '',
    '## By endpoint · 按接口',
    '',
    `Each endpoint may also answer · 每个接口还可能返回：${common}`,
    '',
    '| endpoint · 接口 | codes · 错误码 |',
    '|---|---|',
    ...rows,
    '',
    ...v2Lines(),
    '',
    ...miniProgramLines(),
    '',
  ].join('\n')
}

function v2Lines(): string[] {
  const listed = (codes: readonly string[]): string => (codes.length === 0 ? '–' : codes.map((code) => `\`${code}\``).join(', '))
  return [
    '## v2',
    '',
    'HTTP 200 with `result_code` FAIL and this `err_code`; by the request itself: `sentinel:CODE` in `body` or `refund_desc`. · HTTP 200，`result_code` 为 FAIL，`err_code` 如下；也可在 `body` 或 `refund_desc` 中填写 `sentinel:CODE`。',
    '',
    `Each endpoint may also answer · 每个接口还可能返回：${listed(v2.V2_COMMON_ERRORS)}`,
    '',
    '| endpoint · 接口 | codes · 错误码 |',
    '|---|---|',
    ...V2_SPECS.map(({ path, errors }) => `| \`POST ${path}\` | ${listed(errors)} |`),
  ]
}

function miniProgramLines(): string[] {
  const text = (errcode: number): string => MINI_PROGRAM_ERRORS.find((error) => error.errcode === errcode)?.errmsg ?? ''
  return [
    '## api.weixin.qq.com',
    '',
    'HTTP 200 with `errcode`; `"code"` of the fault is the number as text: `{"fault": "request.refused", "match": {"path": "/wxa/sec/order"}, "code": "10060001"}`. · HTTP 200，带 `errcode`；故障的 `"code"` 是字符串形式的数字。',
    '',
    'Each endpoint may also answer · 每个接口还可能返回：-1, 40001, 40014, 41001, 42001, 43002, 45009, 45011, 47001',
    '',
    '| endpoint · 接口 | codes · 错误码 |',
    '|---|---|',
    ...MINI_PROGRAM_SPECS.map(({ method, path, errcodes }) => {
      const listed = errcodes.map((errcode) => `${errcode} ${text(errcode)}`.trim()).join(', ')
      return `| \`${method} ${path}\` | ${listed === '' ? '–' : listed} |`
    }),
  ]
}

if (import.meta.main) writeFileSync(EMULATOR_ERRORS_PAGE, emulatorErrorsPage())
