// Every rule that the spec states of a request of v3 is enforced by the emulator: each limit, pattern, set of words, required and unknown field, one by one.
// A rule that is broken without a refusal is listed by name. Rules between several fields are listed below, each with the test that breaks it.

import { publicKey, sealSensitive } from '@cashdesk/protocol'
import * as spec from '@cashdesk/protocol/spec'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { aWorld, type Merchant, type World } from '../../world.ts'

interface Node {
  type?: string
  properties?: Record<string, Node>
  required?: string[]
  items?: Node
  enum?: unknown[]
  const?: unknown
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  additionalProperties?: unknown
}

type Path = readonly (string | number)[]

interface Break {
  rule: string
  /** Changes the valid request into one that breaks this rule alone. */
  change: (value: unknown) => unknown
}

/** Ways of breaking the rules of one value. `undefined` leaves the field out. */
function breaks(node: Node): Break[] {
  const fixed = (rule: string, value: unknown): Break => ({ rule, change: () => value })
  const found: Break[] = []
  if (node.type === 'string') {
    found.push(fixed('is text', 1))
    if (node.minLength !== undefined && node.minLength > 0) found.push(fixed(`minLength ${node.minLength}`, 'a'.repeat(node.minLength - 1)))
    if (node.maxLength !== undefined) found.push(fixed(`maxLength ${node.maxLength}`, 'a'.repeat(node.maxLength + 1)))
    if (node.pattern !== undefined) found.push(fixed(`pattern ${node.pattern}`, '\u{1F600}'.repeat(6)))
    if (node.enum ?? node.const) found.push(fixed('one of its words', 'NO_SUCH_WORD'))
  }
  if (node.type === 'integer' || node.type === 'number') {
    found.push(fixed('is a number', '1'), fixed('is an integer', 1.5))
    if (node.minimum !== undefined) found.push(fixed(`minimum ${node.minimum}`, node.minimum - 1))
    if (node.maximum !== undefined) found.push(fixed(`maximum ${node.maximum}`, node.maximum + 1))
  }
  if (node.type === 'boolean') found.push(fixed('is true or false', 'true'))
  if (node.type === 'array') {
    found.push(fixed('is a list', {}))
    if (node.minItems !== undefined && node.minItems > 0) found.push(fixed(`minItems ${node.minItems}`, []))
    const { maxItems } = node
    if (maxItems !== undefined) {
      found.push({ rule: `maxItems ${maxItems}`, change: (list) => Array.from({ length: maxItems + 1 }, () => (list as unknown[])[0]) })
    }
  }
  if (node.type === 'object') {
    found.push(fixed('is an object', []))
    if (node.additionalProperties === false) {
      found.push({ rule: 'no unknown field', change: (holder) => ({ ...(holder as object), no_such_field: 1 }) })
    }
  }
  return found
}

/** Every rule under this node, with the path of its value. Fields that the example lacks are added by their own example. */
function rulesOf(node: Node, path: Path = []): { path: Path; broken: Break }[] {
  const own = breaks(node).map((broken) => ({ path, broken }))
  const missing = (node.required ?? []).map((name) => ({ path: [...path, name], broken: { rule: 'required', change: () => undefined } }))
  const members = Object.entries(node.properties ?? {}).flatMap(([name, member]) => rulesOf(member, [...path, name]))
  const items = node.items ? rulesOf(node.items, [...path, 0]) : []
  return [...own, ...missing, ...members, ...items]
}

function changed(value: unknown, [name, ...rest]: Path, change: Break['change']): unknown {
  if (name === undefined) return change(value)
  if (Array.isArray(value)) return value.map((item, index) => (index === name ? changed(item, rest, change) : item))
  const holder = { ...(value as Record<string, unknown>) }
  const next = changed(holder[name], rest, change)
  if (next === undefined) delete holder[name]
  else holder[name] = next
  return holder
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (holder, name) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined),
    value,
  )
}

interface Example {
  endpoint: spec.Endpoint<never, never, unknown>
  path?: Record<string, string>
  /** Has every field that the endpoint knows, so that each rule can be broken alone. */
  body: (world: World) => Record<string, unknown>
  by?: (world: World) => Merchant
}

const any = (endpoint: unknown): Example['endpoint'] => endpoint as Example['endpoint']

const COMMON = {
  description: '拿铁',
  out_trade_no: 'rules-0001',
  time_expire: '2026-11-25T10:00:00+08:00',
  attach: 'a=1',
  notify_url: 'https://shop.test/notify',
  goods_tag: 'WXG',
  support_fapiao: false,
  amount: { total: 100, currency: 'CNY' },
  detail: {
    cost_price: 100,
    invoice_id: 'i1',
    goods_detail: [{ merchant_goods_id: 'g1', wechatpay_goods_id: 'w1', goods_name: '拿铁', quantity: 1, unit_price: 100 }],
  },
  scene_info: {
    payer_client_ip: '127.0.0.1',
    device_id: 'POS-1',
    store_info: { id: 's1', name: '店', area_code: '440305', address: '深圳' },
  },
  settle_info: { profit_sharing: false },
  limit_pay: ['no_credit'],
}

const provider = ({ provider: merchant }: World): Merchant => merchant

const EXAMPLES: readonly Example[] = [
  {
    endpoint: any(spec.jsapiOrder),
    body({ emulator: { settings } }) {
      return { ...COMMON, appid: settings.appid, mchid: settings.mchid, payer: { openid: settings.users[0]?.openid } }
    },
  },
  {
    endpoint: any(spec.partnerJsapiOrder),
    by: provider,
    body({ emulator: { settings } }) {
      const { sp_appid, sp_mchid, sub_appid, sub_mchid } = settings.sp
      return { ...COMMON, sp_appid, sp_mchid, sub_appid, sub_mchid, payer: { sub_openid: settings.users[0]?.openids[sub_appid] } }
    },
  },
  {
    endpoint: any(spec.jsapiClose),
    path: { out_trade_no: 'rules-0001' },
    body: ({ emulator: { settings } }) => ({ mchid: settings.mchid }),
  },
  {
    endpoint: any(spec.combineOrder),
    body({ emulator: { settings } }) {
      const { mchid, appid } = settings
      const sub = (n: number) => ({
        mchid,
        attach: 'a',
        amount: { total_amount: 1, currency: 'CNY' },
        out_trade_no: `rules-sub-${n}`,
        description: '拿铁',
        goods_tag: 'WXG',
        settle_info: { profit_sharing: false },
      })
      return {
        combine_appid: appid,
        combine_mchid: mchid,
        combine_out_trade_no: 'rules-combine-1',
        scene_info: { payer_client_ip: '127.0.0.1', device_id: 'POS-1' },
        sub_orders: [sub(1), sub(2)],
        combine_payer_info: { openid: settings.users[0]?.openid },
        time_expire: '2026-11-25T10:00:00+08:00',
        notify_url: 'https://shop.test/combined',
        limit_pay: ['no_credit'],
      }
    },
  },
  {
    endpoint: any(spec.refundCreate),
    body: () => ({
      out_trade_no: 'rules-0001',
      out_refund_no: 'rules-refund-1',
      reason: '退',
      notify_url: 'https://shop.test/refunded',
      funds_account: 'AVAILABLE',
      amount: { refund: 100, total: 100, currency: 'CNY', from: [{ account: 'AVAILABLE', amount: 100 }] },
      goods_detail: [
        { merchant_goods_id: 'g1', wechatpay_goods_id: 'w1', goods_name: '拿铁', unit_price: 1, refund_amount: 1, refund_quantity: 1 },
      ],
    }),
  },
  {
    endpoint: any(spec.shareCreate),
    body: () => ({
      transaction_id: '4200000000',
      out_order_no: 'rules-share-1',
      receivers: [{ type: 'MERCHANT_ID', account: '1900000002', amount: 1, description: '分' }],
      unfreeze_unsplit: false,
    }),
  },
  {
    endpoint: any(spec.shareUnfreeze),
    body: () => ({ transaction_id: '4200000000', out_order_no: 'rules-share-2', description: '解冻' }),
  },
  {
    endpoint: any(spec.shareReturnCreate),
    body: () => ({
      out_order_no: 'rules-share-1',
      out_return_no: 'rules-return-1',
      return_mchid: '1900000002',
      amount: 1,
      description: '退',
    }),
  },
  {
    endpoint: any(spec.receiverAdd),
    body: ({ emulator: { settings } }) => ({
      appid: settings.appid,
      type: 'MERCHANT_ID',
      account: '1900000002',
      relation_type: 'CUSTOM',
      custom_relation: '伙伴',
    }),
  },
  {
    endpoint: any(spec.receiverDelete),
    body: ({ emulator: { settings } }) => ({ appid: settings.appid, type: 'MERCHANT_ID', account: '1900000002' }),
  },
  {
    endpoint: any(spec.transferCreate),
    body: ({ emulator: { settings } }) => ({
      appid: settings.appid,
      out_bill_no: 'rules1',
      transfer_scene_id: '1000',
      openid: settings.users[0]?.openid,
      transfer_amount: 100,
      transfer_remark: '奖',
      notify_url: 'https://shop.test/transferred',
      user_recv_perception: '活动奖励',
      transfer_scene_report_infos: [
        { info_type: '活动名称', info_content: '开业' },
        { info_type: '奖励说明', info_content: '红包' },
      ],
      user_recv_style: { type: 'CONFIRM_PAGE' },
    }),
  },
  {
    endpoint: any(spec.securityEcho),
    body: ({ emulator: { settings } }) => ({
      echo_message: '你好',
      encrypted_echo_message: sealSensitive(publicKey(settings.public_key), '你好'),
      notify_url: 'https://shop.test/echo',
    }),
  },
]

test.each(EXAMPLES.map((example) => [example.endpoint.path, example] as const))('every rule of %s is enforced', async (_, example) => {
  const world = await aWorld()
  const { endpoint, path = {}, by = ({ shop }: World) => shop } = example
  const target = endpoint.path.replace(/\{(\w+)\}/g, (__, name: string) => path[name] ?? '')
  const body = example.body(world)
  // The example itself breaks no rule of form, whatever the platform then says to it.
  expect((await by(world).call(endpoint.method, target, body)).body['code']).not.toBe('PARAM_ERROR')
  const unchecked: string[] = []
  const tried = new Set<string>()
  for (const { path: at, broken } of rulesOf(jsonSchema(endpoint.body))) {
    const holder = at.slice(0, -1)
    if (valueAt(body, holder) === undefined || (broken.rule !== 'required' && valueAt(body, at) === undefined)) continue
    const name = `${at.join('/')}: ${broken.rule}`
    tried.add(name)
    const answer = await by(world).call(endpoint.method, target, changed(body, at, broken.change))
    if (answer.status !== 400 || answer.body['code'] !== 'PARAM_ERROR')
      unchecked.push(`${name} → ${answer.status} ${String(answer.body['code'])}`)
  }
  expect(unchecked).toEqual([])
  expect(tried.size).toBeGreaterThan(3)
})

function jsonSchema(schema: unknown): Node {
  return z.toJSONSchema(schema as z.ZodType, { unrepresentable: 'any', io: 'input' }) as Node
}

test('every endpoint of the spec that has a body is among the examples, or says why not', () => {
  const NOT: Readonly<Record<string, string>> = {
    '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close':
      'as the close of a direct merchant: test/http/v3/partner-jsapi.test.ts',
    '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close':
      'each sub-order must be one that was ordered: test/http/v3/combine.test.ts',
    '/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund': 'sealed fields: test/http/v3/refunds.test.ts',
  }
  const withBody = Object.values(spec).flatMap((value) => {
    return typeof value === 'object' && 'path' in value && value.path.startsWith('/v3/') && 'body' in value && value.body
      ? [value.path]
      : []
  })
  const covered = new Set([...EXAMPLES.map(({ endpoint }) => endpoint.path), ...Object.keys(NOT)])
  expect([...new Set(withBody)].filter((path) => !covered.has(path))).toEqual([])
})
