// The payment server on one core, WeChat and the load on the other. SQLite with an fsync per commit.

import { createPrivateKey } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { apiV3Key } from '@cashdesk/protocol'
import { openStore } from '@cashdesk/store'
import { anOrder, type Bench, CONCURRENCY, sealed, WECHAT_CAP, withBench } from './a-server.ts'
import { type Figure, median, round } from './measure.ts'
import { MEASURED_CORE, started } from './processes.ts'

/** `byClock`: per second of time. `byCore`: per second of the server's CPU, its rate if WeChat and the load had cores of their own. */
async function ordersPerSecond(bench: Bench, ms: number): Promise<{ byClock: number; byCore: number }> {
  const used = bench.cpuSeconds()
  const ends = performance.now() + ms
  const began = performance.now()
  let done = 0
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (performance.now() < ends) {
        await anOrder(bench)
        done++
      }
    }),
  )
  return { byClock: (done * 1000) / (performance.now() - began), byCore: done / (bench.cpuSeconds() - used) }
}

async function ceiling(): Promise<number> {
  const { line, stop } = await started(MEASURED_CORE, /^ceiling/, 'bench/rsa-ceiling.ts')
  await stop()
  return Number(line.split(' ')[1])
}

export function createOrder(): Promise<Figure> {
  return withBench(async (bench) => {
    const limits = [await ceiling()]
    await bench.startServer()
    // Long enough for the JIT compiler. From the fifteenth second on, the schedule also checks unpaid orders, and the figure includes that.
    await ordersPerSecond(bench, 8000)
    const runs: Awaited<ReturnType<typeof ordersPerSecond>>[] = []
    for (let run = 0; run < 5; run++) runs.push(await ordersPerSecond(bench, 2000))
    const rates = runs.map(({ byCore }) => byCore)
    await bench.stopServer()
    limits.push(await ceiling())
    const [value, limit] = [median(rates), median(limits)]
    return {
      name: 'server.create_order',
      value: round(value),
      unit: '/s',
      limit: round(limit),
      ratio: round(value / limit, 3),
      spread: [round(Math.min(...rates) / limit, 3), round(Math.max(...rates) / limit, 3)],
      note: `orders per second of the server's core; ${round(median(runs.map(({ byClock }) => byClock)))}/s by the clock, with WeChat and the load on the other core. One HTTP request in and one out, two commits; limit: two signatures and one verification; WeChat's cap is ${WECHAT_CAP}/s`,
    }
  })
}

export function notification(): Promise<Figure> {
  return withBench(async (bench) => {
    const { settings, keys } = bench
    await bench.startServer()
    const seconds = 6
    const rate = WECHAT_CAP
    const numbers: string[] = []
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        while (numbers.length < seconds * rate) numbers.push(await anOrder(bench))
      }),
    )
    const key = { serial: settings.public_key_id, privateKey: createPrivateKey(keys.direct.public_key_private) }
    const sealing = apiV3Key(settings.api_v3_key)
    // Signed in advance, all within the window of five minutes.
    const ready = await Promise.all(numbers.slice(0, seconds * rate).map((out_trade_no, i) => sealed(bench, key, sealing, out_trade_no, i)))
    const times: number[] = []
    const began = performance.now()
    await Promise.all(
      ready.map(async ({ headers, body }, i) => {
        await new Promise((resolve) => setTimeout(resolve, Math.max(1, (i * 1000) / rate - (performance.now() - began))))
        const { status, ms, text } = await bench.call('/wechat/shop/notify/payment', body, headers)
        if (status !== 204) throw new Error(`${status} ${text}`)
        times.push(ms)
      }),
    )
    times.sort((a, b) => a - b)
    const p = (share: number): number => round(times[Math.floor(times.length * share)] ?? Number.NaN, 1)
    return {
      name: 'server.notification',
      value: p(0.99),
      unit: 'ms p99',
      note: `${times.length} at ${rate}/s, each durable before its 204; median ${p(0.5)} ms; wanted: p99 < 50 ms`,
    }
  })
}

/** Minutes, the first third of which warms up. CASHDESK_SOAK_MINUTES changes it. */
const SOAK_MINUTES = Number(process.env['CASHDESK_SOAK_MINUTES'] ?? 10)
const SOAK_RATE = 150

/** Orders and their notifications at a steady rate. Measures whether the server's memory grows. */
export function soak(): Promise<Figure> {
  return withBench(async (bench) => {
    const { settings, keys } = bench
    await bench.startServer()
    const key = { serial: settings.public_key_id, privateKey: createPrivateKey(keys.direct.public_key_private) }
    const sealing = apiV3Key(settings.api_v3_key)
    const began = performance.now()
    const minutes = (): number => (performance.now() - began) / 60_000
    // The minimum of each half minute: the heap just after a garbage collection.
    const least: number[] = []
    const look = async (): Promise<void> => {
      const half = Math.floor(minutes() * 2)
      least[half] = Math.min(least[half] ?? Number.POSITIVE_INFINITY, await bench.heapMB())
    }
    let lookedAt = 0
    let done = 0
    const customer = async (): Promise<void> => {
      const n = done++
      const { headers, body } = await sealed(bench, key, sealing, await anOrder(bench), n)
      const { status, text } = await bench.call('/wechat/shop/notify/payment', body, headers)
      if (status !== 204) throw new Error(`${status} ${text}`)
    }
    const underWay = new Set<Promise<void>>()
    while (minutes() < SOAK_MINUTES) {
      if (done < minutes() * 60 * SOAK_RATE && underWay.size < CONCURRENCY) {
        const one = customer().finally(() => underWay.delete(one))
        underWay.add(one)
        continue
      }
      if (performance.now() - lookedAt > 500) {
        lookedAt = performance.now()
        await look()
      }
      await Promise.race([...underWay, new Promise((resolve) => setTimeout(resolve, 5))])
    }
    await Promise.all(underWay)
    const warm = least.slice(Math.ceil(least.length / 3), SOAK_MINUTES * 2).map((mb, i): [number, number] => [i / 2, mb])
    return {
      name: 'server.soak',
      value: round(slope(warm), 2),
      unit: 'MB/min',
      note: `${done} orders paid in ${SOAK_MINUTES} minutes; heap after collection ${round(warm[0]?.[1] ?? 0, 1)} MB after the first third, ${round(warm.at(-1)?.[1] ?? 0, 1)} MB at the end; resident then ${round(bench.residentMB())} MB; wanted: flat`,
    }
  })
}

/** Slope of the regression line. */
function slope(points: readonly [number, number][]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}

/** Fills the database up to that many rows with closed orders of last week. */
function fill(file: string, until: number): void {
  const database = new DatabaseSync(file)
  const columns = database
    .prepare("SELECT name FROM pragma_table_info('orders')")
    .all()
    .map(({ name }) => String(name))
  const values = columns.map((name) =>
    name === 'out_trade_no' ? `printf('OLD-%08d', n)` : name === 'created_at' ? 'created_at - n * 1000' : name,
  )
  const from = Number(database.prepare("SELECT count(*) AS n FROM orders WHERE out_trade_no LIKE 'OLD-%'").get()?.['n'])
  database.exec(`PRAGMA synchronous = OFF; BEGIN;
    WITH RECURSIVE numbers(n) AS (SELECT ${from + 1} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${until})
    INSERT INTO orders (${columns.join(', ')}) SELECT ${values.join(', ')} FROM orders, numbers WHERE out_trade_no = 'TEMPLATE-1';
    COMMIT`)
  database.close()
}

export function flat(): Promise<Figure> {
  return withBench(async (bench) => {
    const store = await openStore(`sqlite:${bench.database}`)
    await store.close()
    await bench.startServer()
    const made = await bench.call('/v1/orders', { merchant: 'shop', out_trade_no: 'TEMPLATE-1', description: '拿铁', amount: { total: 1 } })
    if (made.status !== 201) throw new Error(made.text)
    await bench.call('/v1/orders/TEMPLATE-1/close?merchant=shop', {})
    await bench.stopServer()
    const rateWith = async (orders: number): Promise<number> => {
      fill(bench.database, orders)
      await bench.startServer()
      await ordersPerSecond(bench, 2000)
      const rates: number[] = []
      for (let run = 0; run < 3; run++) rates.push((await ordersPerSecond(bench, 2000)).byCore)
      await bench.stopServer()
      return median(rates)
    }
    const few = await rateWith(10_000)
    const many = await rateWith(1_000_000)
    return {
      name: 'server.flat',
      value: round(few / many, 3),
      unit: 'x',
      note: `cost of an order beside 1,000,000 orders (${round(many)}/s) over that beside 10,000 (${round(few)}/s); wanted: at most 1.2`,
    }
  })
}
