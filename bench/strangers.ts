// The effect of a stranger's flood on everyone else: 400 connections with the most expensive refused messages, compared with a quiet phase of the same run, on
// both engines.

import { type ChildProcess, spawn } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { Agent, get } from 'node:http'
import { createInterface } from 'node:readline'
import { apiV3Key } from '@cashdesk/protocol'
import { anOrder, type Bench, sealed, withBench } from './a-server.ts'
import { type Figure, round } from './measure.ts'
import { OTHER_CORE } from './processes.ts'

const SECONDS = 12
const NOTIFICATIONS_PER_SECOND = 20
const CREATES_PER_SECOND = 10
const LOOKS_PER_SECOND = 20

interface Times {
  livez: number[]
  notification: number[]
  create: number[]
  /** Authentic notifications that were not answered 204, or not answered at all. */
  lost: number
  /** Orders that were refused with Retry-After. */
  sent_away: number
}

export const strangersSqlite = (): Promise<Figure> => strangers('sqlite')
export const strangersPostgres = (): Promise<Figure> => strangers('postgres')

function strangers(engine: 'sqlite' | 'postgres'): Promise<Figure> {
  return withBench(
    async (bench) => {
      await bench.startServer()
      const orders: string[] = []
      for (let n = 0; n < 20; n++) orders.push(await anOrder(bench))
      const quiet = await everybodyElse(bench, orders)
      const before = { cpu: bench.cpuSeconds(), memory: bench.residentMB() }
      const flood = await aFlood(bench)
      // 400 connections take their memory at the start. What matters is whether it grows afterwards.
      const early = new Promise<number>((resolve) => setTimeout(() => resolve(bench.residentMB()), (SECONDS * 1000) / 3))
      const loud = await everybodyElse(bench, orders)
      const memory = { early: await early, late: bench.residentMB() }
      const { refused, accepted } = await flood.stop()
      const cpu = bench.cpuSeconds() - before.cpu
      const p99 = (times: readonly number[]): number => round(quantile(times, 0.99), 1)
      return {
        name: `server.strangers.${engine}`,
        value: p99(loud.notification),
        unit: 'ms p99',
        note: [
          `authentic notifications ${p99(loud.notification)} ms (quiet ${p99(quiet.notification)}), ${loud.lost} of ${loud.notification.length} lost`,
          `/livez p99 ${p99(loud.livez)} ms (quiet ${p99(quiet.livez)})`,
          `create p99 ${p99(loud.create)} ms (quiet ${p99(quiet.create)}), ${loud.sent_away} of ${loud.create.length + loud.sent_away} sent away`,
          `${refused} refused, ${accepted} accepted: ${round(refused / cpu)}/s of the server's core`,
          `resident ${round(before.memory)} MB quiet, ${round(memory.early)} MB after ${SECONDS / 3} s of the flood, ${round(memory.late)} MB after ${SECONDS} s`,
          'wanted: notification < 1000 ms and none lost, /livez < 250 ms, none accepted, memory flat',
        ].join('; '),
      }
    },
    { engine },
  )
}

/** Authentic notifications, /livez requests and orders at steady rates. */
async function everybodyElse(bench: Bench, numbers: string[]): Promise<Times> {
  const { settings, keys } = bench
  const key = { serial: settings.public_key_id, privateKey: createPrivateKey(keys.direct.public_key_private) }
  const sealing = apiV3Key(settings.api_v3_key)
  const times: Times = { livez: [], notification: [], create: [], lost: 0, sent_away: 0 }
  await Promise.all([
    steadily(LOOKS_PER_SECOND, async () => void times.livez.push(await look(`${bench.url}/livez`))),
    steadily(CREATES_PER_SECOND, async () => {
      const began = performance.now()
      await anOrder(bench).then(
        (number) => {
          numbers.push(number)
          times.create.push(performance.now() - began)
        },
        () => {
          times.sent_away++
        },
      )
    }),
    steadily(NOTIFICATIONS_PER_SECOND, async (n) => {
      const { headers, body } = await sealed(bench, key, sealing, numbers[n % numbers.length] ?? '', serialNumber++)
      const began = performance.now()
      const status = await bench.call('/wechat/shop/notify/payment', body, headers).then(
        (answer) => answer.status,
        () => 0,
      )
      times.notification.push(performance.now() - began)
      if (status !== 204) times.lost++
    }),
  ])
  return times
}

let serialNumber = 0

async function steadily(per_second: number, act: (n: number) => Promise<void>): Promise<void> {
  const began = performance.now()
  const under_way: Promise<void>[] = []
  for (let n = 0; n < per_second * SECONDS; n++) {
    const due = (n * 1000) / per_second - (performance.now() - began)
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due))
    under_way.push(act(n))
  }
  await Promise.all(under_way)
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 })

function look(url: string): Promise<number> {
  const began = performance.now()
  return new Promise((resolve) => {
    const sent = get(url, { agent }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(performance.now() - began))
    })
    sent.on('error', () => resolve(Number.POSITIVE_INFINITY))
  })
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

async function aFlood({ url, settings }: Bench): Promise<{ stop(): Promise<{ refused: number; accepted: number }> }> {
  const argv = [process.execPath, new URL('flood.ts', import.meta.url).pathname, url, settings.public_key_id]
  const child: ChildProcess = spawn('taskset', ['-c', OTHER_CORE, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (!child.stdout) throw new TypeError('no output')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return {
    async stop() {
      child.kill('SIGTERM')
      const { value } = await lines.next()
      const [, refused, accepted] = /flood ([0-9]+) refused ([0-9]+) accepted/.exec(String(value)) ?? []
      return { refused: Number(refused), accepted: Number(accepted) }
    },
  }
}
