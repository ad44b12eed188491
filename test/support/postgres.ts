// A PostgreSQL for tests: its own cluster in a temporary folder, on a free port, as durable as in production. PostgreSQL refuses to run as root, so root runs
// it as another user.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { toolNamed } from './tools.ts'

export interface Cluster {
  url: string
  folder: string
  /** Sends SIGKILL to the server and all its processes, as if the machine died. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** The folder of `initdb`. @throws TypeError when no PostgreSQL is installed */
export function binaries(): string {
  const found = toolNamed('PostgreSQL').find()
  if (found) return dirname(found)
  throw new TypeError('PostgreSQL is not installed (Debian: apt-get install postgresql), and CASHDESK_TEST_POSTGRES names none.')
}

const ROOT = process.getuid?.() === 0
/** Debian's package creates the user `postgres`. */
const lend = (file: string, argv: readonly string[]): [string, string[]] =>
  ROOT ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', file, ...argv]] : [file, [...argv]]

export function run(tool: string, ...argv: string[]): string {
  const [file, args] = lend(join(binaries(), tool), argv)
  return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Below the range of ports for outgoing connections, because one of those could take the server's port while it is down. */
const PORTS_FROM = 15_000
const PORTS_BELOW = 32_000

export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS_FROM + Math.floor(Math.random() * (PORTS_BELOW - PORTS_FROM))
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    await new Promise<void>((resolve) => server.close(() => resolve()))
    return port
  }
}

export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-postgres-'))
  chmodSync(folder, 0o777)
  return folder
}

/** Creates a cluster and starts it. */
export async function startCluster(settings: Readonly<Record<string, string>> = {}): Promise<Cluster> {
  const folder = aFolder()
  run('initdb', '-D', join(folder, 'data'), '-U', 'cashdesk', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions')
  return startAgain(folder, await freePort(), settings)
}

/** Starts the cluster in the folder: a new one, a copy of another, or one that was killed. */
export async function startAgain(folder: string, port: number, settings: Readonly<Record<string, string>> = {}): Promise<Cluster> {
  const all = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: folder, max_connections: '200', ...settings }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [file, argv] = lend(join(binaries(), 'postgres'), ['-D', join(folder, 'data'), ...options])
  // It has its own process group, so that killing the group kills the backends, too: a backend that outlives its postmaster could still acknowledge
  // (reliability G4).
  const server = spawn(file, argv, { detached: true, stdio: 'ignore' })
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const url = `postgres://cashdesk@127.0.0.1:${port}/postgres`
  await ready(port, server)
  const signal = async (name: NodeJS.Signals, group: boolean): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null && server.pid !== undefined)
      process.kill(group ? -server.pid : server.pid, name)
    await gone
  }
  return {
    url,
    folder,
    kill: () => signal('SIGKILL', true),
    async stop() {
      // Fast shutdown: clients are disconnected.
      await signal('SIGINT', false)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function ready(port: number, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (server.exitCode !== null) throw new TypeError(`postgres ended with ${server.exitCode}`)
    try {
      run('pg_isready', '-q', '-h', '127.0.0.1', '-p', String(port))
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new TypeError('postgres does not answer')
}
