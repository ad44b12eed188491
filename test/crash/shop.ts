// A shop whose server is another process: a listening WeChat, a listening merchant's endpoint, and a server that is started again whenever it dies.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmulatorKeys, type RunningEmulator, startEmulator } from '@cashdesk/emulator'
import type { Violation } from '@cashdesk/store'
import { configForEmulator } from 'cashdesk'
import type { Heard } from '../../simulation/src/world.ts'
import { aDatabase } from '../support/database.ts'
import { freePort } from '../support/postgres.ts'
import type { Command, Report, Start } from './protocol.ts'

const API_KEY = 'cd_crash_0123456789abcdef0123456789'

export interface Answered<T> {
  status: number
  body: T
}

export interface Shop {
  wechat: RunningEmulator
  /** What arrived at the merchant's endpoint, repeats included. */
  heard: Heard[]
  /** Crossings that the server reported (`list`). */
  reached: string[]
  /** How often the server died. */
  deaths(): number
  /** Calls like a patient client: repeats when the connection breaks. Returns the last answer. */
  call<T>(method: 'GET' | 'POST', path: string, json?: object, bearer?: string): Promise<Answered<T>>
  /** One round of the server's schedule, repeated if the server died during it. */
  tellServer(act: 'settle' | 'deliver'): Promise<void>
  audit(): Promise<Violation[]>
  /** Advances WeChat's and the server's clocks together. */
  advance(ms: number): Promise<void>
  /** Sends SIGKILL now. */
  kill(): Promise<void>
  close(): Promise<void>
}

export async function aShop(keys: EmulatorKeys, crash?: Start['crash'], list = false): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-crash-'))
  const heard: Heard[] = []
  const endpoint = createServer((incoming, answer) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      heard.push({ id: String(incoming.headers['webhook-id']), ...(JSON.parse(Buffer.concat(chunks).toString()) as Omit<Heard, 'id'>) })
      answer.writeHead(204).end()
    })
  })
  const hookPort = await freePort()
  await new Promise<void>((resolve) => endpoint.listen(hookPort, '127.0.0.1', resolve))
  const port = await freePort()
  const wechat = await startEmulator({ port: 0, keys, behaviour: { refund_delay_ms: 0 } })
  const config = configForEmulator(wechat.emulator.settings, { public_url: `http://127.0.0.1:${port}`, api_key: API_KEY })
  const start: Start = { config, database_url: await aDatabase(join(folder, 'crash.db')), port, offset_ms: 0, list, crash }

  const reached: string[] = []
  let deaths = 0
  let offset_ms = 0
  let lastId = 0
  let process: Process | undefined
  /** The next process has no crash point, because a crash point is for the first one. */
  let spec: Start = start

  let beginning: Promise<Process> | undefined
  const running = (): Promise<Process> => {
    if (process && !process.dead()) return Promise.resolve(process)
    // However many clients find the server dead, one new server is started.
    beginning ??= begin({ ...spec, offset_ms }, reached).then((begun) => {
      beginning = undefined
      process = begun
      spec = { ...start, crash: undefined }
      void begun.gone.then(() => {
        deaths++
      })
      return begun
    })
    return beginning
  }

  const call: Shop['call'] = async (method, path, json, bearer = API_KEY) => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
    for (let tries = 0; ; tries++) {
      await running()
      try {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(json && { body: JSON.stringify(json) }) })
        const body = (await answer.json().catch(() => undefined)) as never
        // The answer says: the outcome will be found out; repeat the same request.
        if (answer.status !== 503 || tries >= 100) return { status: answer.status, body }
      } catch (error) {
        if (tries >= 100) throw error
        await process?.gone
      }
    }
  }
  const tellServer = async (act: Command['act']): Promise<Report[]> => {
    for (let tries = 0; tries < 100; tries++) {
      const server = await running()
      lastId += 1
      const said = await server.ask({ id: lastId, act, offset_ms })
      if (said) return said
    }
    throw new Error(`the server died a hundred times at ${act}`)
  }
  await call('POST', '/v1/webhook_endpoints?merchant=shop', { url: `http://127.0.0.1:${hookPort}/hook` })

  return {
    wechat,
    heard,
    reached,
    deaths: () => deaths,
    call,
    tellServer: async (act) => void (await tellServer(act)),
    async audit() {
      const [violations] = (await tellServer('audit')).flatMap((report) => ('audit' in report ? [report.audit] : []))
      return violations ?? []
    },
    async advance(ms) {
      await wechat.emulator.clock.advance(ms)
      // Several customers may wait at the same time, so what counts is the time that WeChat's clock has reached.
      offset_ms = wechat.emulator.clock.offset_ms()
    },
    async kill() {
      await process?.kill()
    },
    async close() {
      await process?.kill()
      await wechat.close()
      await new Promise<void>((resolve) => endpoint.close(() => resolve()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Process {
  dead(): boolean
  gone: Promise<void>
  /** What the server printed until it was done; nothing if it died. */
  ask(command: Command): Promise<Report[] | undefined>
  kill(): Promise<void>
}

/** Starts a server, and another one if the first dies while starting. */
async function begin(start: Start, reached: string[]): Promise<Process> {
  for (let tries = 0; tries < 5; tries++) {
    const one = processOf(start, reached)
    if (await one.ready) return one
    start = { ...start, crash: undefined }
  }
  throw new Error('the server does not start')
}

function processOf(start: Start, reached: string[]): Process & { ready: Promise<boolean> } {
  const child: ChildProcess = fork(new URL('./mortal-server.ts', import.meta.url).pathname, [], {
    execArgv: ['--conditions=@cashdesk/source'],
    env: { ...process.env, CRASH_START: JSON.stringify(start) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let dead = false
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      dead = true
      resolve()
    }),
  )
  const listeners = new Set<(report: Report) => void>()
  child.on('message', (report: Report) => {
    if ('reached' in report) reached.push(report.reached)
    for (const listener of listeners) listener(report)
  })
  const hears = <T>(until: (report: Report) => T | undefined): Promise<T | undefined> =>
    new Promise((resolve) => {
      const listener = (report: Report): void => {
        const found = until(report)
        if (found !== undefined) finish(found)
      }
      const finish = (found: T | undefined): void => {
        listeners.delete(listener)
        resolve(found)
      }
      listeners.add(listener)
      void gone.then(() => finish(undefined))
    })
  return {
    dead: () => dead,
    gone,
    ready: hears((report) => ('ready' in report ? true : undefined)).then((ready) => ready === true),
    ask(command) {
      const said: Report[] = []
      const answered = hears((report) => {
        said.push(report)
        return 'done' in report && report.done === command.id ? said : undefined
      })
      // A dying server does not receive the message; `gone` reports its end.
      if (child.connected) child.send(command, () => undefined)
      return answered
    },
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}
