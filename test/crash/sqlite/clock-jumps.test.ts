// The real server, whose machine's clock jumps while WeChat is away and comes back later (G1): the audit reports correctly meanwhile, and every order and
// refund is settled within half an hour of true time. libfaketime changes the wall clock of that process only; its monotonic clock goes on.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { type RunningEmulator, startEmulator } from '@cashdesk/emulator'
import { configForEmulator } from 'cashdesk'
import { type ExpectStatic, test } from 'vitest'
import { toolNamed } from '../../support/tools.ts'

const FAKETIME = toolNamed('libfaketime').find()
const API_KEY = 'cd_clock_0123456789abcdef0123456'
const MAIN = new URL('../../../packages/cli/src/main.ts', import.meta.url).pathname
const MINUTE = 60_000
/**
 * Seconds. A clock that is ahead by less than the longest pause plans a check that is late by no more than that pause; such a test takes as long as
 * the pause. CASHDESK_CLOCK_JUMPS=120,600 runs those instead.
 */
const JUMPS = (process.env['CASHDESK_CLOCK_JUMPS'] ?? '-120,-600,86400,-86400').split(',').map(Number)
const WITHIN_MS = 30 * MINUTE

/** A machine with its own clock: the server, and commands beside it. */
interface Machine {
  url: string
  /** Seconds by which its wall clock is wrong from now on. */
  setOff(seconds: number): void
  start(): Promise<void>
  stop(): Promise<void>
  /** The audit of the database, while the server does not run. */
  audit(): Promise<{ code: number | null; text: string }>
}

function aMachine(wechat: RunningEmulator, folder: string): Machine {
  const offset = join(folder, 'offset')
  const config = join(folder, 'cashdesk.json')
  const database = ['--database', `sqlite:${join(folder, 'shop.db')}`]
  // No notification arrives, so everything is learnt by queries.
  writeFileSync(config, JSON.stringify(configForEmulator(wechat.emulator.settings, { public_url: 'http://127.0.0.1:1', api_key: API_KEY })))
  const env = { ...process.env, LD_PRELOAD: FAKETIME, FAKETIME_TIMESTAMP_FILE: offset, FAKETIME_NO_CACHE: '1', DONT_FAKE_MONOTONIC: '1' }
  const node = (...argv: string[]): ChildProcess =>
    spawn(process.execPath, ['--conditions=@cashdesk/source', MAIN, ...argv], { stdio: ['ignore', 'pipe', 'inherit'], env })
  let server: ChildProcess | undefined
  const machine: Machine = {
    url: '',
    setOff: (seconds) => writeFileSync(offset, `${seconds < 0 ? '' : '+'}${seconds}\n`),
    async start() {
      const child = node('serve', '--config', config, ...database, '--port', '0')
      server = child
      machine.url = await new Promise<string>((resolve, reject) => {
        child.once('exit', () => reject(new Error('the server ended')))
        if (child.stdout)
          createInterface({ input: child.stdout }).on('line', (line) => {
            if (line.startsWith('cashdesk server ready')) resolve(line.split(' ').at(-1) ?? '')
          })
      })
    },
    async stop() {
      const child = server
      if (!child || child.exitCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
    async audit() {
      const child = node('audit', ...database)
      let text = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
      return { code, text }
    },
  }
  machine.setOff(0)
  return machine
}

// Without libfaketime the same is tested on the virtual clock only (test/journeys/clock.test.ts, the simulation).
test.skipIf(FAKETIME === undefined).concurrent.for(JUMPS)(
  'G1: a clock that jumps by %i s and back while WeChat is away',
  { timeout: WITHIN_MS + 5 * MINUTE },
  async (seconds, { expect }) => {
    const folder = mkdtempSync(join(tmpdir(), 'cashdesk-clock-'))
    const wechat = await startEmulator({ port: 0 })
    const machine = aMachine(wechat, folder)
    try {
      await machine.start()
      await scenario(wechat, machine, seconds, expect)
    } finally {
      await machine.stop()
      await wechat.close()
      rmSync(folder, { recursive: true })
    }
  },
)

async function scenario({ emulator }: RunningEmulator, machine: Machine, seconds: number, expect: ExpectStatic): Promise<void> {
  const { appid, users } = emulator.settings
  const openid = users[0]?.openid ?? ''
  const api = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }
    for (;;) {
      const answer = await fetch(`${machine.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      const json = (await answer.json()) as Record<string, unknown>
      // Four servers that start at once on a slow host refuse some requests; the caller repeats them, as the answer says.
      if (json['code'] !== 'overloaded') return json
      await pause(1000)
    }
  }
  const place = async (out_trade_no: string): Promise<Record<string, string>> => {
    const order = { merchant: 'shop', out_trade_no, description: '拿铁', amount: { total: 100 }, payer: { appid, openid }, pay: true }
    return (await api('POST', '/v1/orders', order))['payment'] as Record<string, string>
  }
  const pay = (payment: Record<string, string>): void =>
    expect(emulator.cashier({ ...payment, appId: appid, openid } as never)).toEqual({ errMsg: 'requestPayment:ok' })
  const look = (path: string) => api('GET', `${path}?merchant=shop`)

  // One order is paid and known before, and will be refunded; one is paid while no notification arrives.
  pay(await place('ORDER-REFUNDED'))
  expect(await api('GET', '/v1/orders/ORDER-REFUNDED?merchant=shop&refresh=1')).toMatchObject({ state: 'paid' })
  const unheard = await place('ORDER-PAID')
  emulator.faults.add({ fault: 'request.lost', times: 1_000_000 })
  pay(unheard)
  const refund = { out_refund_no: 'REFUND-1', amount: { refund: 40 } }
  expect(await api('POST', '/v1/orders/ORDER-REFUNDED/refunds?merchant=shop', refund)).toMatchObject({ state: 'requested' })
  const states = async () => [(await look('/v1/orders/ORDER-PAID'))['state'], (await look('/v1/refunds/REFUND-1'))['state']]

  // The clock jumps under the running server; then the server is stopped and started with the wrong clock.
  machine.setOff(seconds)
  await pause(10_000)
  expect(await states()).toEqual(['pending', 'requested'])
  await machine.stop()
  const meanwhile = await machine.audit()
  await machine.start()
  await pause(10_000)
  expect(await states()).toEqual(['pending', 'requested'])
  machine.setOff(0)
  emulator.faults.reset()

  const began = performance.now()
  await expect.poll(states, { timeout: WITHIN_MS, interval: 1000 }).toEqual(['paid', 'succeeded'])
  console.log(`${seconds} s: settled ${Math.round((performance.now() - began) / 1000)} s after WeChat was back`)
  // With a clock a day off, open rows are overdue or planned too far ahead, and the audit named them.
  if (Math.abs(seconds) >= 86_400) expect(meanwhile).toMatchObject({ code: 1, text: expect.stringContaining('ORDER-PAID') })
  await machine.stop()
  expect(await machine.audit()).toMatchObject({ code: 0 })
}
