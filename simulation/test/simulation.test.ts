// The simulation proves something only if it is repeatable, if things happen in it, and if its oracle can reject.

import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { generateKeys } from '@cashdesk/emulator'
import { beforeAll, expect, test } from 'vitest'
import { chanceOf } from '../src/chance.ts'
import { contradictions, type Promised } from '../src/oracle.ts'
import { run } from '../src/run.ts'
import { aWorld, type SimulatedWorld, START } from '../src/world.ts'

let keys: Awaited<ReturnType<typeof generateKeys>>
beforeAll(async () => {
  keys = await generateKeys(START)
})

/** Seeds that once found something; they are kept. */
const REGRESSIONS: readonly number[] = []
/** CI runs two thousand, a developer's run fewer. */
const COUNT = Number(process.env['CASHDESK_SEEDS'] ?? 100)
const SEEDS = [...REGRESSIONS, ...Array.from({ length: COUNT }, (_, i) => i + 1)]

test(
  `${SEEDS.length} seeds break no promise, and many orders, refunds and deaths happen`,
  async () => {
    const sum = { orders: 0, paid: 0, refunded: 0, deaths: 0 }
    for (const seed of SEEDS) {
      const report = await run(seed, keys)
      expect(report.wrong, `SEED=${seed}`).toEqual([])
      for (const name of ['orders', 'paid', 'refunded', 'deaths'] as const) sum[name] += report[name]
    }
    expect(sum.paid).toBeGreaterThan(100)
    expect(sum.refunded).toBeGreaterThan(30)
    expect(sum.deaths).toBeGreaterThan(100)
  },
  60_000 + COUNT * 2000,
)

test('the same seed gives the same report, however busy the machine is', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const quiet = await run(seed, keys)
    const stop = keepThePoolBusy()
    const busy = await run(seed, keys)
    await stop()
    expect(busy, `SEED=${seed}`).toEqual(quiet)
  }
})

/** Work of different lengths in libuv's pool, so that its timing differs between runs. */
function keepThePoolBusy(): () => Promise<void> {
  let busy = true
  const workers = Array.from({ length: 4 }, async (_, worker) => {
    for (let round = 1; busy; round++) await derive('', '', 1 + ((round * 7919 + worker * 104_729) % 5000), 32, 'sha256')
  })
  return async () => {
    busy = false
    await Promise.all(workers)
  }
}

const derive = promisify(pbkdf2)

/** A world with one paid order, which the server knows or does not know. */
async function oneOrder(act: (world: SimulatedWorld, client_secret: string) => Promise<void>): Promise<string[]> {
  const world = await aWorld(chanceOf(1), keys)
  const promised: Promised = { orders: new Map(), paid: new Set(), refunds: new Map(), misled: [], tried: 0 }
  const made = await world.api<{ client_secret: string }>('POST', '/v1/orders', {
    merchant: 'shop',
    out_trade_no: 'ORDER-1',
    description: '拿铁',
    amount: { total: 100 },
  })
  if (made === 'died') throw new Error('died')
  promised.orders.set('ORDER-1', { total: 100, client_secret: made.body.client_secret })
  await act(world, made.body.client_secret)
  const wrong = await contradictions(world, promised)
  await world.close()
  return wrong.map((line) => line.slice(0, 2)).sort()
}

test('the oracle rejects a payment that the server does not know', async () => {
  expect(
    await oneOrder(async (world, client_secret) => {
      world.emulator.faults.add({ fault: 'notification.lost', times: 99 })
      await world.aPhone('pay', true).cashdesk.pay({ out_trade_no: 'ORDER-1', client_secret })
    }),
  ).toEqual(expect.arrayContaining(['O1', 'O2', 'O3', 'O6']))
})

test('the oracle rejects an event that never arrived, and one that arrived under two ids', async () => {
  const pay = async (world: SimulatedWorld, client_secret: string) => {
    await world.aPhone('pay', false).cashdesk.pay({ out_trade_no: 'ORDER-1', client_secret })
  }
  expect(await oneOrder(pay)).toEqual(['O3'])
  expect(
    await oneOrder(async (world, client_secret) => {
      await pay(world, client_secret)
      const data = { out_trade_no: 'ORDER-1' }
      world.heard.push({ id: 'evt_1', type: 'order.paid', data }, { id: 'evt_2', type: 'order.paid', data })
    }),
  ).toEqual(['O3'])
})

test('the oracle rejects a refund that the bank made and the server does not know', async () => {
  const wrong = await oneOrder(async (world, client_secret) => {
    await world.aPhone('pay', false).cashdesk.pay({ out_trade_no: 'ORDER-1', client_secret })
    await world.api('POST', '/v1/orders/ORDER-1/refunds?merchant=shop', { out_refund_no: 'R-1', amount: { refund: 40 } })
    world.emulator.faults.add({ fault: 'notification.lost', times: 99 })
    await world.clock.advance(10_000)
    await world.deliver()
  })
  expect(wrong).toContain('O2')
})
