// Every SQL statement of a whole story fails once, one after the other (G6): the client is told to try again, does so, and at the end nothing is lost or done
// twice.

import { StatementSync } from 'node:sqlite'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { contradictions, type Promised } from '../../simulation/src/oracle.ts'
import type { Heard } from '../../simulation/src/world.ts'
import { ENGINE } from '../support/database.ts'
import { API_KEY, aWorld, HOUR, type TestWorld } from '../support/world.ts'

afterEach(() => void vi.restoreAllMocks())

/** Counts statements, and makes number `fatal` fail as a database would. Call it after the database is opened and migrated. */
function sweep(fatal: number): { count(): number } {
  let count = 0
  if (ENGINE === 'sqlite') {
    for (const name of ['all', 'run'] as const) {
      const original = StatementSync.prototype[name] as (...parameters: never[]) => unknown
      vi.spyOn(StatementSync.prototype, name).mockImplementation(function (this: StatementSync, ...parameters: never[]) {
        if (++count === fatal) throw sqliteError()
        return original.apply(this, parameters)
      } as never)
    }
  } else {
    // PostgreSQL itself refuses the statement, and skips what was sent together with it. BEGIN and COMMIT are counted too.
    const original = pg.Connection.prototype.bind
    vi.spyOn(pg.Connection.prototype, 'bind').mockImplementation(function (this: pg.Connection, config, more) {
      const fails = ++count === fatal
      return original.call(this, fails ? { ...config, statement: 'nowhere' } : config, more)
    })
  }
  return { count: () => count }
}

function sqliteError(): Error {
  return Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 })
}

async function aShop(): Promise<{ world: TestWorld; heard: Heard[] }> {
  const heard: Heard[] = []
  const world = await aWorld({
    async deliver(request) {
      heard.push({ id: request.headers.get('webhook-id') ?? '', ...((await request.json()) as Omit<Heard, 'id'>) })
      return new Response(null, { status: 204 })
    },
  })
  await world.api('/v1/webhook_endpoints?merchant=shop', { method: 'POST', json: { url: 'https://shop.example.com/hook' } })
  return { world, heard }
}

/** A client that repeats its request after 5xx. */
async function patiently(act: () => Promise<Response>): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const answer = await act()
    if (answer.status < 500 || tries === 3) return answer
  }
}

/** Like the schedule: a failed round is followed by another. */
const again = (act: () => Promise<unknown>): Promise<unknown> => act().catch(() => act())

async function story({ world }: { world: TestWorld }, promised: Promised): Promise<void> {
  const order = { merchant: 'shop', out_trade_no: 'SWEEP-0001', description: '拿铁', amount: { total: 100 } }
  const made = await patiently(() => world.api('/v1/orders', { method: 'POST', json: order }))
  expect(made.status).toBeLessThan(300)
  const { client_secret } = (await made.json()) as { client_secret: string }
  promised.orders.set(order.out_trade_no, { total: 100, client_secret })
  const phone = world.aPhone()
  const pay = async () => {
    const outcome = await phone.cashdesk.pay({ out_trade_no: order.out_trade_no, client_secret })
    if (outcome.status !== 'paid') throw new Error(outcome.status)
  }
  await again(pay).catch(() => undefined)
  await again(() => world.emulator.deliverDue())
  await world.clock.advance(20_000)
  await again(() => world.settle())
  const refund = { out_refund_no: 'R-1', amount: { refund: 40 }, reason: '不想要了' }
  const given = await patiently(() => world.api(`/v1/orders/${order.out_trade_no}/refunds?merchant=shop`, { method: 'POST', json: refund }))
  expect(given.status, await given.clone().text()).toBeLessThan(300)
  promised.refunds.set(refund.out_refund_no, { out_trade_no: order.out_trade_no, amount: 40, reason: refund.reason })
  await world.clock.advance(10_000)
  await again(() => world.emulator.deliverDue())
  await again(() => world.settle())
  await again(() => world.deliver())
}

async function wrongAtTheEnd({ world, heard }: Awaited<ReturnType<typeof aShop>>, promised: Promised): Promise<string[]> {
  for (let hours = 0; hours < 48; hours += 4) {
    await world.emulator.deliverDue()
    await world.settle()
    await world.settle()
    await world.deliver()
    await world.clock.advance(4 * HOUR)
  }
  const api = async <T>(method: 'GET', path: string): Promise<{ status: number; body: T }> => {
    const answer = await world.fetch(path, { method, headers: { authorization: `Bearer ${API_KEY}` } })
    return { status: answer.status, body: (await answer.json()) as T }
  }
  return contradictions(
    { emulator: world.emulator, heard, api, audit: () => world.world.store.audit(world.clock.now() - 24 * HOUR) },
    promised,
  )
}

const nothing = (): Promised => ({ orders: new Map(), paid: new Set(), refunds: new Map(), misled: [], tried: 0 })

test('G6: when each statement fails once', async () => {
  const quiet = await aShop()
  const counted = sweep(0)
  await story(quiet, nothing())
  const statements = counted.count()
  vi.restoreAllMocks()
  await quiet.world.close()
  expect(statements).toBeGreaterThan(50)

  for (let fatal = 1; fatal <= statements; fatal++) {
    const shop = await aShop()
    const promised = nothing()
    const swept = sweep(fatal)
    await story(shop, promised)
    expect(swept.count()).toBeGreaterThanOrEqual(fatal)
    vi.restoreAllMocks()
    expect(await wrongAtTheEnd(shop, promised), `statement ${fatal} of ${statements}`).toEqual([])
    await shop.world.close()
  }
}, 1_200_000)
