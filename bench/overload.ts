// Sends twice as many orders as the server can take, and counts those answered in time, compared with its best rate in the same run. WeChat uses hardly
// any CPU here, so that the server is what is overloaded.

import { type Bench, CROWD, crowd, nextNumber, post, withBench } from './a-server.ts'
import { type Figure, median, round } from './measure.ts'

const SECONDS = 10
/** A phone that has waited longer has given up. */
const IN_TIME_MS = 2000
const WORKERS = 64

export function overload(): Promise<Figure> {
  return withBench(
    async (bench) => {
      await bench.startServer()
      await closedLoop(bench, 6)
      const best = median([await closedLoop(bench, 4), await closedLoop(bench, 4), await closedLoop(bench, 4)])
      // Opens the connections first, as a proxy keeps them: Node accepts one new connection per turn of its event loop, so 1500 new ones would wait.
      await Promise.all(Array.from({ length: CROWD }, () => place(bench)))
      const { offered, good, refused, late, p99 } = await openLoop(bench, best * 2)
      return {
        name: 'server.overload',
        value: round(good),
        unit: '/s',
        limit: round(best),
        ratio: round(good / best, 3),
        note: `answered in time (${IN_TIME_MS} ms) with ${round(offered)}/s offered, the best being ${round(best)}/s; p99 of those ${round(p99)} ms; ${refused} refused early, ${late} too late; wanted: at least 0.9`,
      }
    },
    { bareWechat: true },
  )
}

const place = ({ url, settings }: Bench): ReturnType<typeof post> => {
  const payer = { appid: settings.appid, openid: settings.users[0]?.openid }
  const order = { merchant: 'shop', out_trade_no: nextNumber(), description: '拿铁', amount: { total: 2800 }, payer, pay: true }
  return post(`${url}/v1/orders`, JSON.stringify(order), {}, crowd)
}

async function closedLoop(bench: Bench, seconds: number): Promise<number> {
  const ends = performance.now() + seconds * 1000
  let done = 0
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      while (performance.now() < ends) if ((await place(bench)).status === 201) done++
    }),
  )
  return done / seconds
}

/** Sends at a fixed rate, whether or not earlier requests were answered. */
async function openLoop(bench: Bench, per_second: number) {
  const times: number[] = []
  let [sent, refused, late] = [0, 0, 0]
  const one = async (): Promise<void> => {
    sent++
    const { status, ms } = await place(bench).catch(() => ({ status: 0, ms: 0 }))
    if (status === 503) refused++
    else if (status !== 201 || ms > IN_TIME_MS) late++
    else times.push(ms)
  }
  const began = performance.now()
  const under_way: Promise<void>[] = []
  while (performance.now() - began < SECONDS * 1000) {
    const due = ((performance.now() - began) / 1000) * per_second
    while (sent < due) under_way.push(one())
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const seconds = (performance.now() - began) / 1000
  const offered = sent / seconds
  await Promise.all(under_way)
  times.sort((a, b) => a - b)
  return { offered, good: times.length / seconds, refused, late, p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN }
}
