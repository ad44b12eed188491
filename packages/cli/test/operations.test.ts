// `migrate` and `repair` as a person or a script runs them.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startEmulator } from '@cashdesk/emulator'
import { startServer } from '@cashdesk/server'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { configForEmulator } from '../src/index.ts'

const MAIN = new URL('../src/main.ts', import.meta.url).pathname
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-operations-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function cashdesk(...args: string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=@cashdesk/source', MAIN, ...args], {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C' },
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.once('close', (code) => resolve({ code, text }))
  })
}

test('migrate --check lists migrations and changes nothing; migrate applies them once; serve --no-migrate waits for it', async () => {
  const database = ['--database', 'sqlite:shop.db']
  const pending = await cashdesk('migrate', '--check', ...database)
  expect([pending.code, pending.text]).toEqual([1, expect.stringMatching(/^pending {2}待应用 {2}0001-orders\.sqlite\.sql\n/)])
  expect(existsSync(join(folder, 'shop.db'))).toBe(false)

  const applied = await cashdesk('migrate', '--json', ...database)
  expect(applied.code).toBe(0)
  const names = (JSON.parse(applied.text) as { applied: string[] }).applied
  expect(names).toHaveLength(pending.text.trim().split('\n').length)
  const again = await cashdesk('migrate', '--check', ...database)
  expect([again.code, again.text]).toEqual([0, expect.stringContaining('up to date · 数据库结构已是最新')])

  const file = new DatabaseSync(join(folder, 'shop.db'))
  file.exec("INSERT INTO migrations VALUES ('9999-later.sql', 'x', 1)")
  file.close()
  const newer = await cashdesk('migrate', ...database)
  expect([newer.code, newer.text]).toEqual([1, expect.stringMatching(/newer Cashdesk \(9999-later\.sql\)[\s\S]*更新版本/)])
})

test('G12: serve --no-migrate refuses a schema that lacks migrations, and says what to do', async () => {
  const wechat = await startEmulator({ port: 0 })
  onTestFinished(wechat.close)
  const config = configForEmulator(wechat.emulator.settings, {
    public_url: 'http://127.0.0.1:1',
    api_key: 'cd_test_0123456789abcdef0123456789',
  })
  writeFileSync(join(folder, 'cashdesk.json'), JSON.stringify(config))
  const refused = await cashdesk('serve', '--port', '0', '--no-migrate')
  expect([refused.code, refused.text]).toEqual([
    1,
    expect.stringMatching(/lacks 0001-orders[\s\S]*Run `cashdesk migrate` first[\s\S]*请先运行/),
  ])
})

test('repair prints what changed; it exits 0 when WeChat answered everything and 1 when WeChat is away; a running server keeps it out', async () => {
  const wechat = await startEmulator({ port: 0 })
  const { settings } = wechat.emulator
  const api_key = 'cd_test_0123456789abcdef0123456789'
  const config = configForEmulator(settings, { public_url: 'http://127.0.0.1:1', api_key })
  writeFileSync(join(folder, 'cashdesk.json'), JSON.stringify(config))
  const where = ['--config', 'cashdesk.json', '--database', 'sqlite:shop.db']
  const server = await startServer(config, { database_url: `sqlite:${join(folder, 'shop.db')}`, port: 0 })
  const payer = { appid: settings.appid, openid: settings.users[0]?.openid ?? '' }
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api_key}` },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as Record<string, string>
  }
  await post('/v1/orders', { merchant: 'shop', out_trade_no: 'LOST-0001', description: 'x', amount: { total: 100 }, payer })
  const fields = await post('/v1/orders/LOST-0001/pay?merchant=shop', {})
  const inUse = await cashdesk('repair', ...where)
  expect([inUse.code, inUse.text]).toEqual([1, expect.stringContaining('Another process uses')])
  await server.close()
  expect(wechat.emulator.cashier({ ...fields, appId: settings.appid, openid: payer.openid })).toEqual({ errMsg: 'requestPayment:ok' })

  const bad = await cashdesk('repair', '--since', 'yesterday', ...where)
  expect([bad.code, bad.text]).toEqual([2, expect.stringContaining('--since takes RFC 3339')])
  const found = await cashdesk('repair', ...where)
  expect([found.code, found.text]).toEqual([
    0,
    expect.stringMatching(/^shop {2}order LOST-0001 {2}pending → paid\nrepair: 1 asked, 1 changed/m),
  ])
  const since = await cashdesk('repair', '--since', '2020-01-01T00:00:00+08:00', '--json', ...where)
  expect([since.code, JSON.parse(since.text)]).toEqual([0, { asked: 1, changed: 0, no_answer: 0, for_a_person: 0 }])
  await wechat.close()
  const away = await cashdesk('repair', '--since', '2020-01-01T00:00:00Z', ...where)
  expect([away.code, away.text]).toEqual([1, expect.stringContaining('order LOST-0001  paid, WeChat did not answer')])
})
