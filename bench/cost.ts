// CPU time of the server for an order and for a notification, and the share of RSA in it: order + pay in one call, then WeChat's notification, on either
// engine.

import { createPrivateKey } from 'node:crypto'
import { apiV3Key } from '@cashdesk/protocol'
import { anOrder, type Bench, sealed, withBench } from './a-server.ts'
import { type Figure, median, round } from './measure.ts'
import { MEASURED_CORE, OTHER_CORE, started } from './processes.ts'

type Engine = 'sqlite' | 'postgres'

/** Together less than 15 s: then the schedule begins to ask about orders that nobody has paid, which is no part of an order's cost. */
const WARM_UP_MS = 6000
const ROUND_MS = 2200
const ROUNDS = 4
/** Fewer requests under way than make the server estimate its delay (in-hand.ts), so that it refuses few on a slow machine. */
const CALLERS = 15
const STEADY_RATE = 300
const STEADY_MS = 6000
const NOTIFICATIONS = 6000

/** Orders per second of CPU that RSA alone allows (two signatures and one verification each), on a core whose neighbour is busy. */
async function ceiling(): Promise<number> {
  const busy = await started(OTHER_CORE, /^busy/, 'bench/busy.ts')
  const { line, stop } = await started(MEASURED_CORE, /^ceiling/, 'bench/rsa-ceiling.ts')
  await stop()
  await busy.stop()
  return Number(line.split(' ')[1])
}

interface Spent {
  /** Milliseconds of the server's CPU per item. */
  cpu_ms: number
  per_second: number
}

async function spend(bench: Bench, work: () => Promise<unknown>, goesOn: () => boolean): Promise<Spent> {
  const [used, began] = [bench.cpuSeconds(), performance.now()]
  let done = 0
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (goesOn()) {
        await work()
        done++
      }
    }),
  )
  return { cpu_ms: ((bench.cpuSeconds() - used) * 1000) / done, per_second: (done * 1000) / (performance.now() - began) }
}

function orders(bench: Bench, ms: number, numbers: string[]): Promise<Spent> {
  const ends = performance.now() + ms
  return spend(
    bench,
    async () => numbers.push(await patiently(bench)),
    () => performance.now() < ends,
  )
}

/** Neighbours on the same core can make the server refuse an order as overloaded. */
async function patiently(bench: Bench): Promise<string> {
  for (;;) {
    try {
      return await anOrder(bench)
    } catch (error) {
      if (!isOverloaded(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

function isOverloaded(error: unknown): boolean {
  return /"code":"overloaded"/.test(String(error))
}

async function notifications(bench: Bench, numbers: readonly string[]): Promise<Spent> {
  const { settings, keys } = bench
  const key = { serial: settings.public_key_id, privateKey: createPrivateKey(keys.direct.public_key_private) }
  const sealing = apiV3Key(settings.api_v3_key)
  const ready = await Promise.all(numbers.slice(0, NOTIFICATIONS).map((number, i) => sealed(bench, key, sealing, number, i)))
  return spend(
    bench,
    async () => {
      const { headers, body } = ready.pop() ?? { headers: {}, body: '' }
      const { status, text } = await bench.call('/wechat/shop/notify/payment', body, headers)
      if (status !== 204) throw new Error(`${status} ${text}`)
    },
    () => ready.length > 0,
  )
}

/** Sends orders at a steady rate and returns the server's event loop delay meanwhile, and how many orders it refused as overloaded. */
async function loopDelay(bench: Bench): Promise<{ p99_ms: number; refused: number }> {
  const began = performance.now()
  const underWay = new Set<Promise<unknown>>()
  let refused = 0
  const failed: unknown[] = []
  await eventLoopP99(bench)
  for (let n = 0; performance.now() - began < STEADY_MS; n++) {
    const one: Promise<unknown> = anOrder(bench)
      .catch((error: unknown) => {
        if (isOverloaded(error)) refused++
        else failed.push(error)
      })
      .finally(() => underWay.delete(one))
    underWay.add(one)
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, (n * 1000) / STEADY_RATE - (performance.now() - began))))
  }
  await Promise.all(underWay)
  if (failed.length > 0) throw failed[0]
  return { p99_ms: await eventLoopP99(bench), refused }
}

/** Since the previous query. */
async function eventLoopP99({ url }: Bench): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^nodejs_eventloop_lag_p99_seconds ([0-9.e+-]+)/m.exec(text)?.[1]) * 1000
}

function cost(engine: Engine): Promise<Figure> {
  return withBench(
    async (bench) => {
      const limits = [await ceiling()]
      await bench.startServer()
      const startCpu = bench.cpuSeconds()
      const numbers: string[] = []
      await orders(bench, WARM_UP_MS, numbers)
      const rounds: Spent[] = []
      for (let i = 0; i < ROUNDS; i++) rounds.push(await orders(bench, ROUND_MS, numbers))
      const noticed = await notifications(bench, numbers)
      const { p99_ms, refused } = await loopDelay(bench)
      await bench.stopServer()
      limits.push(await ceiling())
      const [cpu, rsa] = [median(rounds.map(({ cpu_ms }) => cpu_ms)), 1000 / median(limits)]
      return {
        name: `server.cost.${engine}`,
        value: round(cpu, 2),
        unit: 'ms CPU per order + pay',
        limit: round(rsa, 2),
        ratio: round(rsa / cpu, 3),
        spread: [
          round(rsa / Math.max(...rounds.map((one) => one.cpu_ms)), 3),
          round(rsa / Math.min(...rounds.map((one) => one.cpu_ms)), 3),
        ],
        loop_delay_p99_ms: round(p99_ms, 1),
        note:
          `RSA ${round(rsa, 2)} ms beside a busy core, everything else ${round(cpu - rsa, 2)} ms; ` +
          `${round(median(rounds.map(({ per_second }) => per_second)))}/s by the clock; ` +
          `notification ${round(noticed.cpu_ms, 2)} ms, ${round(1000 / noticed.cpu_ms)}/s per core, each durable before its 204; ` +
          `start ${round(startCpu, 2)} s of CPU; event loop at ${STEADY_RATE} orders/s, of which ${refused} were refused`,
      }
    },
    { engine, bareWechat: true },
  )
}

export const costSqlite = (): Promise<Figure> => cost('sqlite')
export const costPostgres = (): Promise<Figure> => cost('postgres')
