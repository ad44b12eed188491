// Moves a server from SQLite to the engine under test: unfinished work goes on there, and an incomplete export leaves nothing behind.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store, TABLES } from '@cashdesk/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aDatabase, ENGINE, execute } from '../support/database.ts'
import { aWorld, HOUR, MINUTE, type TestWorld } from '../support/world.ts'

let folder: string
const opened: { close(): Promise<void> }[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-move-'))
})
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
  rmSync(folder, { recursive: true })
})

async function exported(store: Store): Promise<string> {
  let text = ''
  await store.exportTo(async (more) => {
    text += more
  })
  return text
}

/** Splits the text at any place, as a pipe does. */
async function* inPieces(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 1001) yield text.slice(at, at + 1001)
}

async function anEmptyStore(name: string): Promise<{ url: string; store: Store }> {
  const url = await aDatabase(join(folder, name))
  const store = await openStore(url, { data_keys: 'not needed' })
  opened.push(store)
  return { url, store }
}

const rowsOf = (text: string): string[] =>
  text
    .split('\n')
    .slice(1, -2)
    .map((line) => JSON.stringify(Object.entries(JSON.parse(line).row as object).sort()))
    .sort()

/** Orders that are paid and refunded, closed, or waiting to be paid, and an event that waits for its receiver. */
async function aStory(hook: (request: Request) => Promise<Response>, moved: () => TestWorld | undefined) {
  const world = await aWorld({
    databaseURL: `sqlite:${join(folder, 'before.db')}`,
    deliver: hook,
    async notified(request, server) {
      const after = moved()
      if (!after) return server(request)
      const { pathname } = new URL(request.url)
      const body = new Uint8Array(await request.arrayBuffer())
      return after.fetch(pathname, { method: 'POST', headers: Object.fromEntries(request.headers), body })
    },
  })
  await world.api('/v1/webhook_endpoints?merchant=shop', { method: 'POST', json: { url: 'https://shop.example.com/hook' } })
  const payer = world.aPhone()
  const paid = await world.placeOrder({ description: '拿铁\u2028“双份”', metadata: { table: '7' } })
  await payer.cashdesk.pay(paid)
  await world.emulator.deliverDue()
  await world.api(`/v1/orders/${paid.out_trade_no}/refunds?merchant=shop`, {
    method: 'POST',
    json: { out_refund_no: 'R-1', amount: { refund: 800 } },
  })
  const given = await world.placeOrder()
  await world.api(`/v1/orders/${given.out_trade_no}/close?merchant=shop`, { method: 'POST' })
  await world.clock.advance(MINUTE)
  await world.settle()
  const waiting = await world.placeOrder({ payer: { appid: world.emulator.settings.appid, openid: payer.openid } })
  const fields = await (await world.api(`/v1/orders/${waiting.out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })).json()
  const untouched = await world.placeOrder()
  await world.deliver()
  return { world, payer, paid, given, waiting, untouched, fields: fields as object }
}

test('unfinished work goes on after a move: an order is paid, an event is delivered, an old client_secret opens its order', async () => {
  let after: TestWorld | undefined
  let up = false
  const heard: string[] = []
  const hook = async (request: Request): Promise<Response> => {
    if (!up) return new Response(null, { status: 503 })
    heard.push(((await request.json()) as { type: string }).type)
    return new Response(null, { status: 204 })
  }
  const { world, payer, paid, given, waiting, untouched, fields } = await aStory(hook, () => after)
  const text = await exported(world.world.store)
  await world.close()

  const databaseURL = await aDatabase(join(folder, 'after.db'))
  const store = await openStore(databaseURL, { data_keys: 'not needed' })
  await store.importFrom(inPieces(text))
  expect(await store.audit(0)).toEqual([])
  expect(rowsOf(await exported(store))).toEqual(rowsOf(text))
  await store.close()

  after = await aWorld({ databaseURL, deliver: hook, network: (request) => world.emulator.fetch(request) })
  opened.push(after)
  await after.clock.advance(MINUTE)
  expect(await after.order(paid.out_trade_no)).toMatchObject({ state: 'paid', amount: { refunded: 800 }, metadata: { table: '7' } })
  expect((await after.order(given.out_trade_no)).state).toBe('closed')
  const { appid } = world.emulator.settings
  expect(world.emulator.cashier({ ...fields, appId: appid, openid: payer.openid })).toEqual({ errMsg: 'requestPayment:ok' })
  await world.emulator.deliverDue()
  expect((await after.order(waiting.out_trade_no)).state).toBe('paid')
  const again = await after.placeOrder({ out_trade_no: untouched.out_trade_no })
  expect(again.client_secret).toBe(untouched.client_secret)
  up = true
  await after.clock.advance(HOUR)
  await after.deliver()
  expect(heard.sort()).toEqual(['order.closed', 'order.paid', 'order.paid', 'refund.succeeded'])
})

test('a cut, changed or foreign file is refused and nothing of it is written; the whole file can still be imported', async () => {
  const { world } = await aStory(
    async () => new Response(null, { status: 503 }),
    () => undefined,
  )
  const text = await exported(world.world.store)
  await world.close()
  const { url, store } = await anEmptyStore('after.db')
  const lines = text.split('\n')
  const spoilt: Record<string, string> = {
    'cut within a line': text.slice(0, text.length / 2),
    'without its last line': `${lines.slice(0, -2).join('\n')}\n`,
    'without one row': lines.toSpliced(5, 1).join('\n'),
    'an amount changed': text.replace('"amount_total":2800', '"amount_total":2801'),
    'another table': text.replace('{"table":"events"', '{"table":"secrets"'),
    'more after the end': `${text}{"table":"settings","row":{"name":"x","value":"y"}}\n`,
    'another schema': text.replace(/"schema":"[^"]+"/, '"schema":"0001-orders"'),
    'no export': '{"hello":1}\n',
    empty: '',
  }
  for (const [what, file] of Object.entries(spoilt)) {
    const refused = await store.importFrom(inPieces(file)).catch((error: unknown) => error)
    expect([what, (refused as { code?: unknown }).code, String(refused)]).toEqual([
      what,
      'STORE_IMPORT',
      expect.stringMatching(/othing was written[\s\S]*未写入任何内容/),
    ])
  }
  const rows = rowsOf(await exported(store))
  expect(rows).toEqual([])
  await store.importFrom(inPieces(text))
  await expect(store.importFrom(inPieces(text))).rejects.toThrow(/not empty \(settings, orders/)
  await store.close()
  expect(await execute(url, 'SELECT COUNT(*) AS n FROM orders')).toMatchObject([{ n: ENGINE === 'postgres' ? '4' : 4 }])
})

test('every table of the schema is exported, except those that migrations or servers fill', async () => {
  const { url, store } = await anEmptyStore('empty.db')
  await store.close()
  const tables =
    ENGINE === 'postgres'
      ? await execute(url, 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()')
      : await execute(url, "SELECT name FROM sqlite_master WHERE type = 'table'")
  const made = ['migrations', 'transitions', 'refund_transitions', 'processes']
  expect(
    tables
      .map(({ name }) => name)
      .filter((name) => !made.includes(String(name)))
      .sort(),
  ).toEqual([...TABLES].sort())
})
