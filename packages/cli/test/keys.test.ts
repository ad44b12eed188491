// `cashdesk keys` and `cashdesk orders` on files, and beside a running server.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, virtualClock } from '@cashdesk/emulator'
import { readConfig, startServer } from '@cashdesk/server'
import { openStore } from '@cashdesk/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { configForEmulator } from '../src/index.ts'

const MAIN = new URL('../src/main.ts', import.meta.url).pathname
const ADMIN = 'cd_test_admin_0123456789abcdef'
const DATABASE = 'sqlite:shop.db'
let folder: string
const children = new Set<ChildProcess>()

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-keys-'))
  const emulator = await createEmulator({ clock: virtualClock(0), fetch: async () => new Response(null) })
  const config = configForEmulator(emulator.settings, { public_url: 'http://127.0.0.1:1', api_key: ADMIN })
  const api_keys = [{ key: ADMIN, merchants: ['shop', 'mall'], scopes: ['admin', 'read', 'orders:write'] }]
  writeFileSync(join(folder, 'cashdesk.json'), JSON.stringify({ ...config, api_keys }))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function cashdesk(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--conditions=@cashdesk/source', MAIN, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', CASHDESK_API_KEY: ADMIN },
  })
  children.add(child)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

test('a key created on the files works at a server started on them, and is revoked while the server runs', async () => {
  const made = await cashdesk('keys', 'create', '--name', 'backend', '--merchants', 'shop', '--database', DATABASE)
  expect([made.code, made.err.replaceAll(/\(node.*\n.*\n/g, '')]).toEqual([0, ''])
  const key = /^cdk_live_([0-9a-f]{8})_\S{43}$/m.exec(made.out)
  const running = await startServer(readConfig(join(folder, 'cashdesk.json')), {
    database_url: `sqlite:${join(folder, 'shop.db')}`,
    port: 0,
  })
  try {
    const ask = () => fetch(`${running.url}/v1/orders`, { headers: { authorization: `Bearer ${key?.[0]}` } })
    const order = { out_trade_no: 'CLI-0001', description: '拿铁', amount: { total: 1800 } }
    const headers = { authorization: `Bearer ${key?.[0]}` }
    expect((await fetch(`${running.url}/v1/orders`, { method: 'POST', headers, body: JSON.stringify(order) })).status).toBe(201)
    expect((await ask()).status).toBe(200)

    // The server has the file now, so the command refuses and says what to do.
    const taken = await cashdesk('keys', 'list', '--database', DATABASE)
    expect([taken.code, taken.err]).toEqual([1, expect.stringContaining('--server URL')])
    const seen = await cashdesk('orders', '--server', running.url, '--merchant', 'shop')
    expect([seen.code, seen.out]).toEqual([0, expect.stringMatching(/CLI-0001 +created +1800/)])
    const json = await cashdesk('orders', 'CLI-0001', '--server', running.url, '--merchant', 'shop', '--json')
    expect(JSON.parse(json.out)).toMatchObject({ out_trade_no: 'CLI-0001', amount: { total: 1800 } })

    const story = await cashdesk('orders', 'show', 'CLI-0001', '--server', running.url, '--merchant', 'shop')
    expect([story.code, story.out]).toEqual([
      0,
      expect.stringMatching(/^CLI-0001 {2}created {2}¥18\.00 {2}拿铁\n[\s\S]*none → created {2}\(api\)/),
    ])
    const missing = await cashdesk('orders', 'show', 'NOT-THERE', '--server', running.url, '--merchant', 'shop')
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('not_found')])
    expect((await cashdesk('orders', 'show', '--server', running.url)).code).toBe(2)

    expect((await cashdesk('keys', 'revoke', key?.[1] ?? '', '--server', running.url)).code).toBe(0)
    expect((await ask()).status).toBe(401)
    const listed = await cashdesk('keys', 'list', '--server', running.url, '--json')
    expect(JSON.parse(listed.out)).toMatchObject([{ prefix: key?.[1], name: 'backend', revoked_at: expect.any(String) }])
    expect(listed.out).not.toContain(key?.[0])
  } finally {
    await running.close()
  }
})

test('F3: incidents are listed with what to do and closed with a note, and the exit code says whether one is open', async () => {
  const store = await openStore(`sqlite:${join(folder, 'shop.db')}`)
  const open = {
    merchant: 'shop',
    kind: 'double_payment',
    subject: 'cart-7',
    detail: { first: 'A-00001', second: 'A-00002' },
    now: 0,
  } as const
  await store.transaction((tx) => tx.incidents.open(open))
  await store.close()
  const files = ['--merchant', 'shop', '--database', DATABASE]
  const listed = await cashdesk('incidents', ...files)
  expect([listed.code, listed.out]).toEqual([
    1,
    expect.stringMatching(/^(inc_\S+) {2}double_payment {2}cart-7 {2}open[\s\S]*second: A-00002[\s\S]*退款/),
  ])
  const id = listed.out.split(' ')[0] ?? ''
  expect((await cashdesk('incidents', 'resolve', id, ...files)).code).toBe(2)
  const ended = await cashdesk('incidents', 'resolve', id, '--note', '已退第二笔', ...files)
  expect([ended.code, ended.out]).toEqual([0, `${id} is resolved · 已关闭\n`])
  const none = await cashdesk('incidents', ...files)
  expect([none.code, none.out]).toEqual([0, 'no open incidents · 没有异常\n'])
  const json = await cashdesk('incidents', '--state', 'resolved', '--json', ...files)
  expect(JSON.parse(json.out)).toMatchObject({ id, state: 'resolved', resolved_by: 'config:files', note: '已退第二笔' })
  const unknown = await cashdesk('incidents', 'resolve', 'inc_none', '--note', 'x', ...files)
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('not_found')])
  expect((await cashdesk('incidents', '--kind', 'nonsense', ...files)).err).toContain('--kind')
})

test('a usage error is named and exits 2', async () => {
  const wrong = await cashdesk('keys', 'create', '--name', 'x', '--merchants', 'shop', '--scopes', 'everything', '--database', DATABASE)
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('scopes.0')])
  expect((await cashdesk('keys', 'revoke')).code).toBe(2)
})

test('F1: commands that only read the files create no database', async () => {
  for (const argv of [
    ['keys', 'list'],
    ['orders'],
    ['orders', 'show', 'X'],
    ['refunds', 'ORDER-1'],
    ['events'],
    ['incidents'],
    ['repair'],
  ]) {
    const run = await cashdesk(...argv, '--database', 'sqlite:nowhere/none.db')
    expect([argv, run.code]).toEqual([argv, 1])
    expect(run.err).toContain('There is no Cashdesk database')
    expect(run.err).toContain('没有 Cashdesk 数据库')
  }
  expect(existsSync(join(folder, 'nowhere'))).toBe(false)
})

test.each([
  ['an unknown option', ['orders', '--colour', 'red']],
  ['a missing value', ['orders', '--limit']],
  ['an invalid limit', ['orders', '--limit', 'many', '--server', 'http://127.0.0.1:9']],
  ['an invalid pause', ['backup', '--to', 'copies', '--every', 'often']],
  ['an invalid number', ['backup', '--to', 'copies', '--keep', '0']],
  ['an invalid time', ['repair', '--since', 'yesterday']],
  ['an invalid port', ['serve', '--port', 'http']],
  ['no folder', ['backup']],
  ['no file', ['restore']],
])('F1: the usage error %s exits 2, with one sentence and no stack', async (_, argv) => {
  const run = await cashdesk(...argv)
  expect([argv, run.code]).toEqual([argv, 2])
  expect(run.err).not.toContain('    at ')
})
