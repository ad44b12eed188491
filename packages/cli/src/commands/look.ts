// `cashdesk orders | refunds | events`: what the server knows, as a table for people or as JSON, one object a line, for programs.

import { parseArgs } from 'node:util'
import {
  type CashdeskClient,
  type EventAnswer,
  eventsQuery,
  type ListQuery,
  listQuery,
  type OrderAnswer,
  type RefundAnswer,
} from '@cashdesk/contract'
import { CONNECT_OPTIONS, CONNECT_USAGE, connected } from '../connect.ts'
import { storyText } from '../story.ts'
import { table } from '../table.ts'
import { UsageError } from '../usage.ts'

export const LOOK_USAGE: string = `cashdesk orders [OUT_TRADE_NO] [--state STATE]
cashdesk orders show OUT_TRADE_NO        the whole story of one order; the letters that a buyer quotes will do, too
                                         一笔订单的完整经过；也可填写买家提供的编号
cashdesk refunds OUT_TRADE_NO
cashdesk events [--replay-from TIME [--replay-to TIME] [--exhausted]]

  --merchant  which; not needed when there is one
  --limit     20; up to 100
  --after     the cursor that the page before ended with
  --replay-from  events of that time (RFC 3339) and later go to the endpoints once more; --exhausted: only what was given up
  --json      one object a line
${CONNECT_USAGE}`

const OPTIONS = {
  ...CONNECT_OPTIONS,
  merchant: { type: 'string' },
  state: { type: 'string' },
  limit: { type: 'string' },
  after: { type: 'string' },
  json: { type: 'boolean', default: false },
  'replay-from': { type: 'string' },
  'replay-to': { type: 'string' },
  exhausted: { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof parse>['values']

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS })
}

export async function orders(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv)
  const [number, shown] = positionals
  if (number === 'show') return show(values, shown)
  return look(values, ORDER_HEAD, orderRow, async (client) =>
    number === undefined
      ? client.orders.list(pageOf(values, listQuery))
      : { data: [await client.orders.get(number, { merchant: values.merchant })], next: null },
  )
}

async function show(values: Values, number: string | undefined): Promise<number> {
  if (number === undefined) {
    console.log(LOOK_USAGE)
    return 2
  }
  const story = await connected(values, (client) => client.orders.story(number, { merchant: values.merchant }))
  console.log(values.json ? JSON.stringify(story) : storyText(story))
  return 0
}

export async function refunds(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv)
  const [number] = positionals
  if (number === undefined) {
    console.log(LOOK_USAGE)
    return 2
  }
  return look(values, REFUND_HEAD, refundRow, (client) => client.refunds.ofOrder(number, { merchant: values.merchant }))
}

export async function events(argv: readonly string[]): Promise<number> {
  const { values } = parse(argv)
  const from = values['replay-from']
  if (from !== undefined) return replay(values, from)
  return look(values, EVENT_HEAD, eventRow, (client) => client.events.list(pageOf(values, eventsQuery)))
}

async function replay({ 'replay-to': to, exhausted, merchant, ...values }: Values, from: string): Promise<number> {
  let count = 0
  await connected(values, async (client) => {
    let after: string | undefined
    do {
      const page = await client.events.replayAll({ from, to, exhausted, after }, { merchant })
      count += page.replayed
      after = page.next ?? undefined
    } while (after !== undefined)
  })
  console.log(values.json ? JSON.stringify({ replayed: count }) : `${count} will be sent once more · 将重新推送 ${count} 个事件`)
  return 0
}

async function look<T>(
  values: Values,
  head: readonly string[],
  row: (one: T) => string[],
  ask: (client: CashdeskClient) => Promise<{ data: T[]; next: string | null }>,
): Promise<number> {
  const { data, next } = await connected(values, ask)
  if (values.json) for (const one of data) console.log(JSON.stringify(one))
  else {
    console.log(table(head, data.map(row)))
    if (next !== null) console.log(`\n--after ${next}`)
  }
  return 0
}

/** @throws UsageError that names what is wrong */
function pageOf({ merchant, state, limit, after }: Values, schema: typeof listQuery | typeof eventsQuery): ListQuery {
  const page = schema.safeParse(JSON.parse(JSON.stringify({ merchant, state, limit, after })))
  if (page.success) return page.data
  throw new UsageError(page.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
}

const ORDER_HEAD = ['out_trade_no', 'state', 'fen', 'refunded', 'created', 'paid'] as const
function orderRow({ out_trade_no, state, amount, created_at, paid_at }: OrderAnswer): string[] {
  return [out_trade_no, state, String(amount.total), String(amount.refunded), created_at, paid_at ?? '']
}

const REFUND_HEAD = ['out_refund_no', 'state', 'fen', 'failure', 'created', 'succeeded'] as const
function refundRow({ out_refund_no, state, amount, failure, created_at, succeeded_at }: RefundAnswer): string[] {
  return [out_refund_no, state, String(amount.refund), failure ?? '', created_at, succeeded_at ?? '']
}

const EVENT_HEAD = ['id', 'type', 'number', 'created'] as const
function eventRow({ id, type, data, created_at }: EventAnswer): string[] {
  return [id, type, 'out_refund_no' in data ? data.out_refund_no : 'out_trade_no' in data ? data.out_trade_no : data.subject, created_at]
}
