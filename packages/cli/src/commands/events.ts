// `cashdesk events`: lists events to the merchant's backend, newest first, and sends them again.

import { type EventAnswer, eventsQuery } from '@cashdesk/contract'
import { type Command, command, type Talk } from '../command/declaration.ts'
import { connected, type Where } from '../connect.ts'
import { look, queryOf } from '../look.ts'
import { CONNECT, JSON_OUTPUT, MERCHANT, PAGE } from '../options.ts'

export const events: Command = command({
  name: 'events',
  text: { en: 'list events, or send them to the webhook endpoints once more', zh: '列出事件，或重新推送' },
  options: {
    merchant: MERCHANT,
    ...PAGE,
    'replay-from': {
      value: 'TIME',
      text: {
        en: 'send events of this time (RFC 3339) and later once more, instead of listing',
        zh: '重新推送该时间（RFC 3339）及之后的事件，而不是列出',
      },
    },
    'replay-to': {
      value: 'TIME',
      text: { en: 'with --replay-from: only events before this time', zh: '与 --replay-from 同用：只推送该时间之前的事件' },
    },
    exhausted: { text: { en: 'with --replay-from: only events that were given up', zh: '与 --replay-from 同用：只推送已放弃的事件' } },
    json: JSON_OUTPUT,
    ...CONNECT,
  },
  examples: [
    { line: 'cashdesk events --limit 5', text: { en: 'the newest five', zh: '最新五条' } },
    {
      line: 'cashdesk events --replay-from 2026-11-24T00:00:00+08:00 --exhausted --server http://127.0.0.1:8910',
      text: { en: 'after your backend was down', zh: '商家后端恢复之后' },
    },
  ],
  exit: { 1: { en: 'the server refused, could not be reached, or there is no database', zh: '服务拒绝、无法连接，或没有数据库' } },

  async run(options, _, talk) {
    const { merchant, limit, after, json, exhausted } = options
    const from = options['replay-from']
    if (from !== undefined) return replay({ ...options, from, to: options['replay-to'], merchant, exhausted, json }, talk)
    const query = queryOf(eventsQuery, { merchant, limit, after })
    return look(options, { ...ROWS, ask: (client) => client.events.list(query) }, talk)
  },
})

interface Replay extends Where {
  from: string
  to: string | undefined
  merchant: string | undefined
  exhausted: boolean
  json: boolean
}

async function replay({ from, to, merchant, exhausted, json, ...where }: Replay, { say }: Talk): Promise<number> {
  let count = 0
  await connected(where, say, async (client) => {
    let after: string | undefined
    do {
      const page = await client.events.replayAll({ from, to, exhausted, after }, { merchant })
      count += page.replayed
      after = page.next ?? undefined
    } while (after !== undefined)
  })
  const text = { en: `${count} will be sent once more`, zh: `将重新推送 ${count} 个事件` }
  console.log(json ? JSON.stringify({ replayed: count }) : say(text))
  return 0
}

const ROWS = {
  head: ['id', 'type', 'number', 'created'],
  row: ({ id, type, data, created_at }: EventAnswer): string[] => [
    id,
    type,
    'out_refund_no' in data ? data.out_refund_no : 'out_trade_no' in data ? data.out_trade_no : data.subject,
    created_at,
  ],
}
