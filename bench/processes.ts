// Starts processes on cores of their own, if the system can pin them: the measured process has one core, everything else the other.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export const MEASURED_CORE = '0'
export const OTHER_CORE = '1'

const PINNED = process.platform === 'linux'

export interface Started {
  line: string
  /** CPU seconds used since its start. */
  cpuSeconds(): number
  /** Memory that it holds now, in MB. */
  residentMB(): number
  stop(): Promise<void>
}

const TICKS_PER_SECOND = 100

function cpuSecondsOf(pid: number): number {
  if (!PINNED) return Number.NaN
  // The fields after the process name, which may contain spaces: utime and stime are the 12th and 13th of them.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function residentMBOf(pid: number): number {
  if (!PINNED) return Number.NaN
  return Number(/VmRSS:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** Starts one of our commands. Resolves when it prints its ready line. */
export async function started(core: string, ready: RegExp, ...argv: string[]): Promise<Started> {
  // For profiling: BENCH_NODE_FLAGS=--cpu-prof.
  const flags = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter(Boolean)
  const command = [process.execPath, ...flags, '--conditions=@cashdesk/source', ...argv]
  const [file = '', ...rest] = PINNED ? ['taskset', '-c', core, ...command] : command
  const child: ChildProcess = spawn(file, rest, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, UV_THREADPOOL_SIZE: '2' } })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (!child.stdout) throw new TypeError('no output')
  for await (const line of createInterface({ input: child.stdout })) {
    if (!ready.test(line)) continue
    return {
      line,
      cpuSeconds: () => cpuSecondsOf(child.pid ?? 0),
      residentMB: () => residentMBOf(child.pid ?? 0),
      async stop() {
        child.kill()
        await gone
      },
    }
  }
  throw new TypeError(`${argv.join(' ')} ended before it was ready`)
}

/** Moves this process, which creates the load, to that core. */
export function pinSelf(core: string): void {
  if (PINNED) execFileSync('taskset', ['-a', '-cp', core, String(process.pid)], { stdio: 'ignore' })
}
