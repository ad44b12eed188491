// Five backups, one every minute, beside a server that takes 100 orders a second. Each copy is restored, and must contain every order that was acknowledged
// before its backup began. The limit is the same load without backups, in the same run.

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { anOrder, BACKUP_KEY, type Bench, withBench } from './a-server.ts'
import { type Figure, round } from './measure.ts'

const PER_SECOND = 100
const WARM_UP_S = 10
const BARE_S = 60
const COPIES = 5
const EVERY_S = 60

interface Done {
  out_trade_no: string
  at: number
  ms: number
}

export function backup(): Promise<Figure> {
  return withBench(async (bench) => {
    await bench.startServer()
    // Warms up, so that the time of the JIT compiler is not measured.
    await load(bench, WARM_UP_S)
    const { done: bare } = await load(bench, BARE_S)
    const folder = join(bench.folder, 'copies')
    const copies: { begun: number; ms: number; file: string }[] = []
    const beside = load(bench, COPIES * EVERY_S)
    for (let n = 0; n < COPIES; n++) {
      const begun = Date.now()
      const { file } = JSON.parse(await cashdesk('backup', '--to', folder, '--server', bench.url, '--json')) as { file: string }
      copies.push({ begun, ms: Date.now() - begun, file })
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + EVERY_S * 1000 - Date.now())))
    }
    const { done, refused } = await beside
    await bench.stopServer()
    let missing = 0
    for (const [i, { file, begun }] of copies.entries())
      missing += await missingIn(bench, file, `restored-${i}.db`, [...bare, ...done], begun)
    const [without, during] = [p99(bare), p99(done)]
    return {
      name: 'server.backup',
      value: during,
      unit: 'ms p99',
      limit: without,
      ratio: round(without / during, 2),
      note: [
        `creates beside ${copies.length} backups of ${round(megabytes(folder), 1)} MB at most, ${done.length} at ${PER_SECOND}/s, ${refused} sent away`,
        `a backup took ${copies.map(({ ms }) => round(ms / 1000, 1)).join(', ')} s`,
        `p99 of creates while one ran ${p99(done.filter(({ at }) => copies.some(({ begun, ms }) => at >= begun && at <= begun + ms)))} ms`,
        `${missing} acknowledged orders missing in the restored copies; wanted: 0`,
      ].join('; '),
    }
  })
}

async function load(bench: Bench, seconds: number): Promise<{ done: Done[]; refused: number }> {
  const done: Done[] = []
  let refused = 0
  const under_way: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; n < PER_SECOND * seconds; n++) {
    const due = (n * 1000) / PER_SECOND - (performance.now() - began)
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due))
    const sent = performance.now()
    under_way.push(
      anOrder(bench).then(
        (out_trade_no) => void done.push({ out_trade_no, at: Date.now(), ms: performance.now() - sent }),
        // On a slow host the server may refuse some orders. They were not acknowledged, so they are not expected in a backup.
        () => void refused++,
      ),
    )
  }
  await Promise.all(under_way)
  return { done, refused }
}

function p99(done: readonly Done[]): number {
  const times = done.map(({ ms }) => ms).sort((a, b) => a - b)
  return round(times[Math.floor(times.length * 0.99)] ?? Number.NaN, 1)
}

function megabytes(folder: string): number {
  const sizes = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { bytes: number }).bytes)
  return Math.max(...sizes) / 1024 ** 2
}

async function missingIn(bench: Bench, file: string, name: string, done: readonly Done[], begun: number): Promise<number> {
  const path = join(bench.folder, name)
  const config = ['--config', join(bench.folder, 'cashdesk.json'), '--no-repair', '--data-key', `${bench.database}.key`]
  await cashdesk('restore', file, '--database', `sqlite:${path}`, ...config)
  const database = new DatabaseSync(path)
  const there = new Set(
    database
      .prepare('SELECT out_trade_no FROM orders')
      .all()
      .map((row) => String(row['out_trade_no'])),
  )
  database.close()
  return done.filter(({ at, out_trade_no }) => at < begun && !there.has(out_trade_no)).length
}

function cashdesk(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=@cashdesk/source', 'packages/cli/src/main.ts', ...args], {
    env: { ...process.env, CASHDESK_API_KEY: BACKUP_KEY },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  return new Promise((resolve, reject) =>
    child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${args[0]} ended with ${code}`)))),
  )
}
