// `cashdesk emulator --state` under kill -9 (G5): whatever it answered is there after the next start, and so is what it still has to do.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createWechatPay, type WechatPay } from '@cashdesk/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'

const MAIN = new URL('../../cli/src/main.ts', import.meta.url).pathname
const KILLS = 10
const CLIENTS = 3
/** A kill comes after so many answers, so that no moment depends on how fast this machine is. */
const ANSWERS_MAX = 25

let folder: string
const children = new Set<ChildProcess>()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-kill-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Wechat {
  child: ChildProcess
  pay: WechatPay
  appid: string
  openid: string
  control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
}

async function started(): Promise<Wechat> {
  const args = ['emulator', '--port', '0', '--dir', folder, '--state', join(folder, 'state.json'), '--json']
  const child = spawn(process.execPath, ['--conditions=@cashdesk/source', MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  for await (const line of createInterface({ input: child.stdout })) {
    expect(JSON.parse(line)).toMatchObject({ event: 'ready' })
    break
  }
  const told = JSON.parse(readFileSync(join(folder, 'emulator.json'), 'utf8'))
  const pay = createWechatPay({
    mchid: told.mchid,
    signer: { serial_no: told.merchant_serial, privateKey: readFileSync(told.merchant_key_path, 'utf8') },
    apiV3Key: told.api_v3_key,
    publicKeys: { [told.public_key_id]: readFileSync(told.public_key_path, 'utf8') },
    baseURL: told.base_url,
  })
  const control: Wechat['control'] = async (method, path, body) => {
    const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await fetch(`${told.base_url}/_emulator${path}`, { method, ...json })
    expect(answer.ok).toBe(true)
    return (await answer.json()) as Record<string, unknown>
  }
  return { child, pay, appid: told.appid, openid: told.users[0].openid, control }
}

/** The steps of one order. After a kill it is where the last answered step left it, or one further: the step under way may have been taken. */
const STATES = ['', 'NOTPAY', 'SUCCESS', 'REFUND'] as const

/** Takes orders through their steps until WeChat is gone. */
async function client(wechat: Wechat, name: string, notify_url: string, answered: (out_trade_no: string, step: number) => void) {
  const { appid, openid, pay, control } = wechat
  for (let n = 1; ; n += 1) {
    const out_trade_no = `${name}-${n}`
    const order = { appid, description: '拿铁', out_trade_no, notify_url, amount: { total: 100 }, payer: { openid } }
    const { prepay_id } = await pay.transactions.jsapi(order)
    answered(out_trade_no, 1)
    await control('POST', '/orders/pay', { prepay_id })
    answered(out_trade_no, 2)
    if (n % 2 === 0) continue
    const amount = { refund: 100, total: 100, currency: 'CNY' as const }
    await pay.refunds.create({ out_trade_no, out_refund_no: `R-${out_trade_no}`, amount })
    answered(out_trade_no, 3)
  }
}

async function check({ pay, control }: Wechat, steps: ReadonlyMap<string, number>): Promise<void> {
  const { ledger } = (await control('GET', '/truth')) as { ledger: { seq: number; kind: string; out_trade_no?: string }[] }
  expect(ledger.map(({ seq }) => seq)).toEqual(ledger.map((_, i) => i + 1))
  const { notifications } = (await control('GET', '/notifications')) as { notifications: { out_trade_no: string; state: string }[] }
  for (const [out_trade_no, step] of steps) {
    const { trade_state } = await pay.transactions.byOutTradeNo(out_trade_no)
    expect(STATES.slice(step, step + 2), out_trade_no).toContain(trade_state)
    const paid = trade_state === 'NOTPAY' ? 0 : 1
    expect(ledger.filter((entry) => entry.kind === 'payment' && entry.out_trade_no === out_trade_no)).toHaveLength(paid)
    // Nobody has taken one, so each is still to be delivered.
    expect(notifications.filter((one) => one.out_trade_no === out_trade_no && one.state === 'waiting')).toHaveLength(paid)
    if (step < 3) continue
    expect(await pay.refunds.query({ out_refund_no: `R-${out_trade_no}` })).toMatchObject({ amount: { refund: 100 } })
    expect(ledger.filter((entry) => entry.kind === 'refund' && entry.out_trade_no === out_trade_no)).toHaveLength(1)
  }
}

test(`G5: ${KILLS} SIGKILLs under load take back nothing that was answered`, { timeout: 900_000 }, async () => {
  const refusing = createServer((_, answer) => answer.writeHead(500).end()).listen(0, '127.0.0.1')
  await once(refusing, 'listening')
  const notify_url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/notify`
  const steps = new Map<string, number>()
  try {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const wechat = await started()
      await check(wechat, steps)
      if (kill === 1) await wechat.control('POST', '/clock', { advance_ms: 60_000 })
      await wechat.control('POST', '/users', { name: `用户${kill}` })
      let left = 1 + Math.floor(Math.random() * ANSWERS_MAX)
      const gone = once(wechat.child, 'exit')
      const answered = (out_trade_no: string, step: number): void => {
        steps.set(out_trade_no, step)
        left -= 1
        if (left === 0) wechat.child.kill('SIGKILL')
      }
      const clients = Array.from({ length: CLIENTS }, (_, i) => client(wechat, `K${kill}-${i}`, notify_url, answered))
      const failed = await Promise.allSettled(clients)
      expect(left, String(failed.map((one) => one.status === 'rejected' && one.reason))).toBeLessThanOrEqual(0)
      expect((await gone)[1]).toBe('SIGKILL')
    }
    // A polite stop folds everything into one line; the next start has the same.
    const last = await started()
    await check(last, steps)
    last.child.kill('SIGTERM')
    expect((await once(last.child, 'exit'))[0]).toBe(0)
    expect(readFileSync(join(folder, 'state.json'), 'utf8').trimEnd().split('\n')).toHaveLength(1)
    const again = await started()
    await check(again, steps)
    expect(await again.control('GET', '/clock')).toMatchObject({ offset_ms: 60_000 })
    const { users } = (await again.control('GET', '/users')) as { users: { name: string }[] }
    expect(users.map(({ name }) => name)).toEqual(expect.arrayContaining(Array.from({ length: KILLS }, (_, i) => `用户${i + 1}`)))
  } finally {
    refusing.close()
  }
})
