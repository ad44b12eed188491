// Input that breaks the spec is refused in WeChat's words, with its detail (v3-protocol §1, v3-protocol §12).

import { expect, test } from 'vitest'
import { anOrder, aWorld, JSAPI, type World } from '../../world.ts'

/** What the refusal says, and the field that X-Emulator-Why names. */
interface Refused {
  field: string
  value?: unknown
}

async function refused(world: World, body: unknown, message: string, { field, ...value }: Refused): Promise<void> {
  const answer = world.shop.verified(await world.shop.call('POST', JSAPI, body))
  expect(answer).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR', message, detail: { location: 'body', ...value } } })
  expect(answer.why?.split(': ')[0]).toBe(field)
  expect(Object.keys(answer.body['detail'] as object)).toEqual(['location', 'value'])
}

test.each<{ what: string; change: Record<string, unknown>; message: string; detail: Refused }>([
  {
    what: 'a total of nothing',
    change: { amount: { total: 0 } },
    message: '输入源“/body/amount/total”映射到数值字段“总金额”规则校验失败，值低于最小值 1',
    detail: { field: '/amount/total', value: 0 },
  },
  {
    what: 'a total that is no integer',
    change: { amount: { total: 0.01 } },
    message: '无法将 JSON 输入源“/body/amount/total”映射到目标字段“总金额”中，此字段需要一个合法的 64 位有符号整数',
    detail: { field: '/amount/total', value: 0.01 },
  },
  {
    what: 'a total as text',
    change: { amount: { total: '1' } },
    message: '无法将 JSON 输入源“/body/amount/total”映射到目标字段“总金额”中，此字段需要一个合法的 64 位有符号整数',
    detail: { field: '/amount/total', value: '1' },
  },
  {
    what: 'an openid that is a number',
    change: { payer: { openid: 4 } },
    message: '无法将 JSON 输入源“/body/payer/openid”映射到目标字段“用户标识”中，此字段需要一个 string 类型的 Json 值',
    detail: { field: '/payer/openid', value: 4 },
  },
  {
    what: 'null in an optional field',
    change: { attach: null },
    message: '无法将 JSON 输入源“/body/attach”映射到目标字段“附加数据”中，此字段需要一个 string 类型的 Json 值',
    detail: { field: '/attach', value: null },
  },
  {
    what: 'no openid',
    change: { payer: {} },
    message: '输入源“/body/payer/openid”映射到字段“用户标识”必填性规则校验失败，此字段为必填项',
    detail: { field: '/payer/openid', value: '' },
  },
  {
    what: 'a number that is too short',
    change: { out_trade_no: 'abc' },
    message: '输入源“/body/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字节数 3，小于最小值 6',
    detail: { field: '/out_trade_no', value: 3 },
  },
  {
    what: 'an attach that is too long',
    change: { attach: 'x'.repeat(129) },
    message: '输入源“/body/attach”映射到值字段“附加数据”字符串规则校验失败，字节数 129，大于最大值 128',
    detail: { field: '/attach', value: 129 },
  },
  {
    what: 'a description with a character of four bytes',
    change: { description: '拿铁😀' },
    message:
      '输入源“/body/description”映射到值字段“商品描述”字符串规则校验失败，字符串必须匹配正则表达式“^[^\\u{10000}-\\u{10FFFF}\\p{Cc}]*$”',
    detail: { field: '/description' },
  },
  {
    what: 'a number with characters of another script',
    change: { out_trade_no: '订单-0001' },
    message: '输入源“/body/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字符串必须匹配正则表达式“^[0-9A-Za-z_\\-|*]+$”',
    detail: { field: '/out_trade_no', value: '订单-0001' },
  },
  {
    what: 'B12: 30 February',
    change: { time_expire: '2027-02-30T00:00:00+08:00' },
    message: '输入源“/body/time_expire”映射到值字段“交易结束时间”字符串规则校验失败，不是合法的时间',
    detail: { field: '/time_expire', value: '2027-02-30T00:00:00+08:00' },
  },
  {
    what: 'a time that no calendar has',
    change: { time_expire: '2026-13-41T00:00:00+08:00' },
    message: '输入源“/body/time_expire”映射到值字段“交易结束时间”字符串规则校验失败，不是合法的时间',
    detail: { field: '/time_expire' },
  },
  {
    what: 'an address that is no URL',
    change: { notify_url: 'https://a:99999/notify' },
    message: '输入源“/body/notify_url”映射到值字段“通知地址”字符串规则校验失败，不是合法的 URL',
    detail: { field: '/notify_url' },
  },
])('$what', async ({ change, message, detail }) => {
  const world = await aWorld()
  await refused(world, anOrder(world, change), message, detail)
  expect(world.emulator.truth().ledger).toEqual([])
})

const UNKNOWN = '请求中含有未在API文档中定义的参数'

test.each<{ change: Record<string, unknown>; paths: string[] }>([
  { change: { currency: 'CNY' }, paths: ['/body/currency'] },
  { change: { amount: { total: 1, tax: 0, net: 1 } }, paths: ['/body/amount/tax', '/body/amount/net'] },
])('B11: fields that WeChat does not know are listed with location null: $paths', async ({ change, paths }) => {
  const world = await aWorld()
  const answer = world.shop.verified(await world.shop.call('POST', JSAPI, anOrder(world, change)))
  expect(answer.text).toBe(JSON.stringify({ code: 'PARAM_ERROR', detail: { location: null, value: paths }, message: UNKNOWN }))
  expect(answer.headers.get('Request-ID')).toMatch(/-270924358$/)
})

test('B11: a value out of range is told with its location and value only, and what is ours stays out of the body', async () => {
  const world = await aWorld()
  const answer = await world.shop.call('POST', JSAPI, anOrder(world, { amount: { total: 0 } }))
  const message = '输入源“/body/amount/total”映射到数值字段“总金额”规则校验失败，值低于最小值 1'
  expect(answer.text).toBe(JSON.stringify({ code: 'PARAM_ERROR', detail: { location: 'body', value: 0 }, message }))
  expect(answer.why).toMatch(/^\/amount\/total: /)
  expect(world.emulator.requests()[0]).toMatchObject({ why: { field: '/amount/total' }, status: 400 })
})

test('B11: an appid that nobody has', async () => {
  const world = await aWorld()
  expect(await world.shop.call('POST', JSAPI, anOrder(world, { appid: 'wxca5d00000000beef' }))).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: 'AppID不存在，请检查后再试' },
  })
})

test.each(['', 'not json', '{"a":'])('a body that is not JSON: %j', async (body) => {
  await refused(await aWorld(), body === '' ? undefined : body, '请求体不是合法的 JSON', { field: '', value: '' })
})

test('a query without mchid, and with a parameter too many', async () => {
  const { shop, emulator } = await aWorld()
  const path = '/v3/pay/transactions/out-trade-no/order-0001'
  expect(await shop.call('GET', path)).toMatchObject({
    status: 400,
    body: {
      code: 'PARAM_ERROR',
      message: '输入源“/query/mchid”映射到字段“商户号”必填性规则校验失败，此字段为必填项',
      detail: { location: 'query', value: '' },
    },
    why: expect.stringMatching(/^mchid: /),
  })
  expect(await shop.call('GET', `${path}?mchid=${emulator.settings.mchid}&x=1`)).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: UNKNOWN, detail: { location: null, value: ['/query/x'] } },
  })
})

test('an order number in the path that is too long', async () => {
  const { shop, emulator } = await aWorld()
  const answer = await shop.call('GET', `/v3/pay/transactions/out-trade-no/${'x'.repeat(35)}?mchid=${emulator.settings.mchid}`)
  const message = '输入源“/uri_template/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字节数 35，大于最大值 32'
  expect(answer).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message, detail: { value: 35, location: 'url' } },
    why: 'out_trade_no: too long',
  })
})
