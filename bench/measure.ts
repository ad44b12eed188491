// Measures fairly: warm up, alternate ours with the limit and the peers in one run, several rounds, medians.

import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface Figure {
  name: string
  /** The value of our code. */
  value: number
  unit: string
  /** The bare limit in the same run. */
  limit?: number
  /** value ÷ limit (for times: limit ÷ value), so that 1 is the limit. */
  ratio?: number
  peers?: Record<string, number>
  /** Smallest and largest ratio among the rounds. */
  spread?: [number, number]
  /** 99th percentile of the event loop delay under full load. */
  loop_delay_p99_ms?: number
  note?: string
}

export type Work = () => Promise<unknown> | unknown

const ROUNDS = 7
const WARM_UP_MS = 200
const ROUND_MS = 500

/** Calls per second, with `concurrency` calls at a time. */
async function rate(work: Work, concurrency: number, ms: number): Promise<number> {
  const ends = performance.now() + ms
  const began = performance.now()
  let done = 0
  const runner = async (): Promise<void> => {
    while (performance.now() < ends) {
      await work()
      done++
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runner))
  return (done * 1000) / (performance.now() - began)
}

/** Measures ours, the limit and the peers in turn, for several rounds. */
export async function compare(name: string, ours: Work, limit: Work, peers: Record<string, Work>, concurrency: number): Promise<Figure> {
  const all: [string, Work][] = [['ours', ours], ['limit', limit], ...Object.entries(peers)]
  const rates = new Map<string, number[]>(all.map(([who]) => [who, []]))
  for (const [, work] of all) await rate(work, concurrency, WARM_UP_MS)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  for (let round = 0; round < ROUNDS; round++) {
    // Each round starts with another candidate, so that drift of the machine affects all alike.
    for (let i = 0; i < all.length; i++) {
      const [who, work] = all[(i + round) % all.length] ?? ['', () => {}]
      if (who === 'ours') delay.enable()
      rates.get(who)?.push(await rate(work, concurrency, ROUND_MS))
      delay.disable()
    }
  }
  const of = (who: string): number[] => rates.get(who) ?? []
  const ratios = of('ours').map((value, i) => value / (of('limit')[i] ?? 1))
  return {
    name,
    value: round(median(of('ours'))),
    unit: '/s',
    limit: round(median(of('limit'))),
    ratio: round(median(ratios), 3),
    peers: Object.fromEntries(
      Object.keys(peers).map((who) => [who, round(median(of(who).map((value, i) => value / (of('limit')[i] ?? 1))), 3)]),
    ),
    spread: [round(Math.min(...ratios), 3), round(Math.max(...ratios), 3)],
    loop_delay_p99_ms: round(delay.percentile(99) / 1e6, 1),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function round(value: number, decimals = 0): number {
  return Number(value.toFixed(decimals))
}
