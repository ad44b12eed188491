// `npm run demo:books`: three days of messy trade on the local WeChat, and the morning after each: bills, comparison, explanations, a person's decisions, and
// statements that close. Server and WeChat share a virtual clock, so three days take seconds.

import { createCashdeskClient } from '@cashdesk/contract'
import { createEmulator, generateKeys, virtualClock } from '@cashdesk/emulator'
import { createApp, createWorld, reconcileDue } from '@cashdesk/server'
import { openStore } from '@cashdesk/store'
import { configForEmulator, dayText, localeLanguage, sayIn } from 'cashdesk'

const HOUR = 60 * 60 * 1000
const KEY = 'cd_demo_0123456789abcdef0123456789'
const FINANCE = 'cd_demo_aaaabbbbccccddddeeeeffff0000'
const COLLEAGUE = 'cd_demo_fedcba9876543210fedcba9876'

/** 2026-11-23, 10:00 Beijing. */
const clock = virtualClock(Date.parse('2026-11-23T02:00:00Z'))
/** Whether WeChat's notifications reach the server. */
let reachable = true
const emulator = await createEmulator({
  clock,
  keys: await generateKeys(clock.now()),
  fetch: (request) => (reachable ? app.fetch(request) : Promise.resolve(new Response(null, { status: 502 }))),
})
const { settings } = emulator
const store = await openStore('sqlite::memory:', { now: clock.now, random: (n) => crypto.getRandomValues(new Uint8Array(n)) })
const config = configForEmulator(settings, { public_url: 'http://cashdesk.test', api_key: KEY })
const admin = (key: string) => ({ key, merchants: ['shop'], scopes: ['admin' as const, 'read' as const] })
const world = createWorld(
  { ...config, api_keys: [...config.api_keys, admin(FINANCE), admin(COLLEAGUE)] },
  { store, clock, fetch: emulator.fetch, log: () => {} },
)
const app = createApp(world)
const clientOf = (apiKey: string) =>
  createCashdeskClient({ baseURL: 'http://cashdesk.test', apiKey, fetch: async (request) => app.fetch(request) })
const client = clientOf(KEY)
const finance = clientOf(FINANCE)
const colleague = clientOf(COLLEAGUE)
const openid = settings.users[0]?.openid ?? ''
const of = { merchant: 'shop' }
const say = sayIn(localeLanguage(process.env))

async function sell(out_trade_no: string, total: number): Promise<void> {
  const order = {
    merchant: 'shop',
    out_trade_no,
    description: '拿铁',
    amount: { total },
    payer: { openid, appid: settings.appid },
    pay: true,
  }
  const { payment } = (await client.orders.create(order)) as unknown as { payment: Record<string, string> }
  emulator.cashier({ ...payment, appId: settings.appid, openid } as never)
  await emulator.deliverDue()
}

async function control(path: string, body: object): Promise<void> {
  const request = new Request(`http://wechat.test/_emulator${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await emulator.fetch(request)
  if (!answer.ok) throw new Error(await answer.text())
}

/** Another system of the shop uses the same merchant number. */
async function foreign(out_trade_no: string, total: number): Promise<void> {
  const [merchant] = world.merchants.values()
  if (!merchant) return
  const order = {
    appid: settings.appid,
    description: 'ERP',
    out_trade_no,
    notify_url: 'https://erp.example.com/notify',
    amount: { total },
    payer: { openid },
  }
  const { prepay_id } = await merchant.wechatpay.transactions.jsapi(order)
  emulator.cashier({ ...(await merchant.wechatpay.requestPayment({ appid: settings.appid, prepay_id })), appId: settings.appid, openid })
}

/** 10:30 Beijing of the next day: the server reconciles by itself; then the day is shown. */
async function morning(date: string): Promise<void> {
  await clock.advance(24.5 * HOUR)
  for (let round = 0; round < 5; round++) await reconcileDue(world)
  await show(date)
}

async function show(date: string): Promise<void> {
  const found = await client.reconciliations.get(date, of)
  const { data } = await client.differences.list({ ...of, date, limit: 100 })
  console.log(`\n${dayText(found, data, say)}`)
}

function tell(en: string, zh: string): void {
  console.log(`\n— ${say({ en, zh })}`)
}

tell('2026-11-23: a quiet day, five sales and a refund.', '2026-11-23：平静的一天，五笔收款和一笔退款。')
for (let n = 1; n <= 5; n++) await sell(`MONDAY-${n}`, 1000 * n)
await client.refunds.create('MONDAY-1', { out_refund_no: 'MONDAY-R1', amount: { refund: 400 } }, of)
await morning('2026-11-23')

tell(
  '2026-11-24: WeChat cannot reach the server, another system sells on the same number, and somebody refunds on the merchant platform.',
  '2026-11-24：微信连不上服务，另一套系统用同一商户号收款，还有人在商户平台退了款。',
)
await sell('TUESDAY-1', 3000)
reachable = false
await sell('TUESDAY-2', 4500)
const { transaction_id } = await client.orders.get('TUESDAY-1', of)
await control('/refunds', { transaction_id, amount: 500, out_refund_no: 'CONSOLE-1' })
await foreign('ERP-1001', 12_000)
await morning('2026-11-24')
reachable = true

tell(
  'Finance knows the other system: one decision, and its numbers explain themselves from now on.',
  '财务认得那套系统：处理一次，之后同前缀的单号会自动说明。',
)
const [open] = (await client.differences.list({ ...of, state: 'open', limit: 10 })).data
if (open)
  await finance.differences.act(open.id, { act: 'resolve', reason: 'foreign_system', note: 'the ERP · ERP 系统', prefix: 'ERP-' }, of)
await show('2026-11-24')

tell(
  '2026-11-25: the other system again, and a payment under a number that nobody knows.',
  '2026-11-25：另一套系统继续收款，还有一笔谁都不认识的单号。',
)
await foreign('ERP-1002', 800)
await foreign('OLD-0077', 25_000)
await sell('WEDNESDAY-1', 1500)
await morning('2026-11-25')

tell('To write off more than ¥100 takes two people: one proposes, a second accepts.', '平账超过 100 元须两人：一人提出，另一人确认。')
const [unknown] = (await client.differences.list({ ...of, state: 'open', limit: 10 })).data
if (unknown) {
  const note = 'kept until the buyer asks · 买家来询时再处理'
  for (const person of [finance, colleague]) await person.differences.act(unknown.id, { act: 'accept', note }, of)
}
await show('2026-11-25')

const days = (await client.reconciliations.list({ ...of, from: '2026-11-23', to: '2026-11-25' })).data
const closed = days.every(({ statement, state }) => statement !== null && ['clean', 'explained'].includes(state))
const balances = days.toReversed().map(({ statement }) => statement)
const chained = balances.every((one, i) => i === 0 || one?.opening === balances[i - 1]?.closing)
await store.close()
console.log(
  `\n${say({
    en: `demo:books: three statements ${closed ? 'close' : 'DO NOT close'}, each opening balance ${chained ? 'is' : 'IS NOT'} the closing balance before`,
    zh: `demo:books：三天的资金表${closed ? '全部结平' : '未结平'}，期初余额与前一天期末余额${chained ? '一致' : '不一致'}`,
  })}`,
)
process.exitCode = closed && chained ? 0 : 1
