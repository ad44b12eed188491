// The command as a user runs it: real processes, real ports, stopped with Ctrl-C.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createEmulator, virtualClock } from '@cashdesk/emulator'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { configForEmulator } from '../src/index.ts'

const MAIN = new URL('../src/main.ts', import.meta.url).pathname
let folder: string
const children = new Set<ChildProcess>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-cli-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

interface Run {
  /** Everything printed so far, both streams. */
  text(): string
  /** Resolves with the first match in the output. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
  /** Ctrl-C. */
  interrupt(): void
  ended: Promise<number | null>
}

function cashdesk(...args: string[]): Run {
  const child = spawn(process.execPath, ['--conditions=@cashdesk/source', MAIN, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  })
  children.add(child)
  let text = ''
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const listen = (heard: () => void) => {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', heard)
  }
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return {
    text: () => text,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text)
          if (match) resolve(match)
        }
        listen(look)
        look()
        void ended.then((code) => reject(new Error(`ended with ${code}:\n${text}`)))
      }),
    interrupt: () => child.kill('SIGINT'),
    ended,
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

test('dev starts a WeChat and a server that know each other; its printed key can place an order; Ctrl-C ends it cleanly', async () => {
  const [port, wechat] = [await freePort(), await freePort()]
  const run = cashdesk('dev', '--port', String(port), '--wechat-port', String(wechat))
  const [, key] = await run.prints(/API key\s+\S+\s+(\S+)/)
  await run.prints(/Ctrl-C/)
  expect(run.text()).toContain(`http://127.0.0.1:${port}`)
  const answer = await fetch(`http://127.0.0.1:${port}/v1/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ merchant: 'shop', out_trade_no: 'HELLO-0001', description: '拿铁', amount: { total: 2800 } }),
  })
  expect(answer.status).toBe(201)
  expect((await fetch(`http://127.0.0.1:${wechat}/_emulator/`)).status).toBe(200)
  run.interrupt()
  expect(await run.ended).toBe(0)
  expect(run.text()).toContain('cashdesk stopped')

  const again = cashdesk('dev', '--port', String(port), '--wechat-port', String(wechat))
  expect((await again.prints(/API key\s+\S+\s+(\S+)/))[1]).toBe(key)
  const kept = await fetch(`http://127.0.0.1:${port}/v1/orders/HELLO-0001?merchant=shop`, { headers: { authorization: `Bearer ${key}` } })
  expect(await kept.json()).toMatchObject({ state: 'created' })
  again.interrupt()
  expect(await again.ended).toBe(0)
})

test('dev --program runs your own build on a phone in the browser, with your own backend', async () => {
  mkdirSync(join(folder, 'h5'))
  writeFileSync(join(folder, 'h5/index.html'), '<html><head></head><body>我的店</body></html>')
  const backend = createHttpServer((_, response) => response.end('{"from":"my backend"}')).listen(0, '127.0.0.1')
  onTestFinished(() => void backend.close())
  await new Promise((resolve) => backend.once('listening', resolve))
  const ports = ['--port', '0', '--wechat-port', '0', '--phone-port', '0']
  const address = `http://127.0.0.1:${(backend.address() as { port: number }).port}`
  const run = cashdesk('dev', ...ports, '--program', 'h5', '--backend', address, '--name', '我的店')
  const [, phone] = await run.prints(/Open {2}打开 +(http:\S+)/)
  expect(await (await fetch(`${phone}/program/`)).text()).toContain('我的店')
  expect(await (await fetch(`${phone}/host/backend/anything`)).json()).toEqual({ from: 'my backend' })
  expect(await (await fetch(`${phone}/story`)).json()).toMatchObject({ merchant_name: '我的店', orders: [] })
  run.interrupt()
  expect(await run.ended).toBe(0)
})

test.each([
  [['--program', 'nowhere', '--backend', 'http://127.0.0.1:1'], /holds no index\.html/],
  [['--program', '.'], /holds no index\.html|wants --backend/],
])('dev says what is wrong with %s', async (args, words) => {
  const run = cashdesk('dev', ...args)
  expect(await run.ended).toBe(1)
  expect(run.text()).toMatch(words)
})

test('emulator --port 0 --dir DIR prints where it listens, and writes what clients need', async () => {
  const run = cashdesk('emulator', '--port', '0', '--dir', 'wechat')
  const [, url] = await run.prints(/^cashdesk emulator ready (http:\/\/127\.0\.0\.1:\d+)$/m)
  const settings = JSON.parse(readFileSync(join(folder, 'wechat/emulator.json'), 'utf8')) as Record<string, string>
  expect(settings['base_url']).toBe(url)
  for (const name of ['merchant_key_path', 'merchant_cert_path', 'platform_cert_path', 'public_key_path'])
    expect(existsSync(settings[name] ?? '')).toBe(true)
  run.interrupt()
  expect(await run.ended).toBe(0)
})

test('K3: serve refuses a bad configuration, lists every fault at once, and prints no secret', async () => {
  const secret = 'x'.repeat(31)
  const merchant = { id: 'Shop!', mchid: 'abc', serial_no: 'zz', private_key_file: 'none.pem', api_v3_key: secret, appids: [] }
  writeFileSync(
    join(folder, 'cashdesk.json'),
    JSON.stringify({ public_url: 'ftp://x', api_keys: [{ key: 'short', merchants: [] }], apps: [], merchants: [merchant] }),
  )
  const missing = cashdesk('serve')
  expect(await missing.ended).toBe(1)
  // Both faults are reported at once.
  expect(missing.text()).toContain('merchants.0.private_key_file: there is no file none.pem in ')
  expect(missing.text()).toContain('  - public_url: ')
  expect(existsSync(join(folder, 'data'))).toBe(false)

  writeFileSync(join(folder, 'none.pem'), 'not a key')
  const run = cashdesk('serve')
  expect(await run.ended).toBe(1)
  for (const fault of [
    'public_url',
    'api_keys.0.key',
    'merchants.0.id',
    'merchants.0.mchid',
    'merchants.0.serial_no',
    'merchants.0.private_key (none.pem)',
    'merchants.0.api_v3_key',
    'merchants.0.appids',
  ]) {
    expect(run.text()).toContain(`  - ${fault}: `)
  }
  expect(run.text()).not.toContain(secret)
})

test('D4: serve --check says whether a configuration is sound or what is wrong with it, and creates nothing', async () => {
  const emulator = await createEmulator({ clock: virtualClock(0), fetch: async () => new Response(null) })
  const config = configForEmulator(emulator.settings, { public_url: 'http://127.0.0.1:1', api_key: 'cd_test_0123456789abcdef0123' })
  writeFileSync(join(folder, 'cashdesk.json'), JSON.stringify(config))
  const sound = cashdesk('serve', '--check')
  expect(await sound.ended).toBe(0)
  expect(sound.text()).toContain('is sound · 配置无误')
  expect(sound.text()).toMatch(/ {2}shop {2}[0-9]+ {2}serial 序列号 [0-9A-F]+ until 至 [0-9-]{10} {2}WeChat 微信 PUB_KEY_ID_/)
  const merchants = config.merchants.map((one) => ({ ...one, public_keys: { PUB_KEY_ID_1: emulator.settings.merchant_cert } }))
  writeFileSync(join(folder, 'cashdesk.json'), JSON.stringify({ ...config, merchants }))
  const wrong = cashdesk('serve', '--check')
  expect(await wrong.ended).toBe(1)
  expect(wrong.text()).toMatch(/merchants\.shop\.public_keys\.PUB_KEY_ID_1: it is a certificate/)
  expect(existsSync(join(folder, 'data'))).toBe(false)
})

test('K3: serve says what is missing when there is no configuration', async () => {
  const run = cashdesk('serve')
  expect(await run.ended).toBe(1)
  expect(run.text()).toMatch(/cashdesk\.json cannot be used:\n {2}- the file does not exist/)
})

test.each([[], ['fly'], ['constructor']])('an unknown command prints the usage and is an error: %s', async (...args) => {
  const run = cashdesk(...args)
  expect(await run.ended).toBe(2)
  expect(run.text()).toContain('Usage: cashdesk <command>')
})

test('--help is not an error', async () => {
  const run = cashdesk('serve', '--help')
  expect(await run.ended).toBe(0)
})

test.each([
  ['268498688', 0, /byte for byte[\s\S]*逐字节/],
  ['08E68E97CC0610DF0618AC86BCA80120082880CF05-268578704', 3, /268578704 — request id[\s\S]*Unknown[\s\S]*未知/],
])('explain %s', async (subject, code, text) => {
  const run = cashdesk('explain', subject)
  expect(await run.ended).toBe(code)
  expect(run.text()).toMatch(text)
})

test('F1: a command that only reads creates no database, says so in both languages, and exits 1', async () => {
  writeFileSync(join(folder, 'empty.db'), '')
  for (const where of ['nowhere/none.db', 'empty.db']) {
    for (const argv of [['audit'], ['export', '--out', 'out.ndjson']]) {
      const run = cashdesk(...argv, '--database', `sqlite:${where}`)
      expect([argv, where, await run.ended]).toEqual([argv, where, 1])
      expect(run.text()).toContain('There is no Cashdesk database')
      expect(run.text()).toContain('没有 Cashdesk 数据库')
      expect(run.text()).not.toContain('every promise holds')
    }
  }
  expect(existsSync(join(folder, 'nowhere'))).toBe(false)
  expect(readFileSync(join(folder, 'empty.db'), 'utf8')).toBe('')
  expect(existsSync(join(folder, 'out.ndjson'))).toBe(false)
})

test('audit exits 0 when every promise holds; it names a broken promise and exits 1', async () => {
  expect(await cashdesk('migrate', '--database', 'sqlite:shop.db').ended).toBe(0)
  const sound = cashdesk('audit', '--database', 'sqlite:shop.db')
  expect(await sound.ended).toBe(0)
  expect(sound.text()).toContain('every promise holds')
  expect(sound.text()).toMatch(/looked at [0-9]+ orders/)
  const database = new DatabaseSync(join(folder, 'shop.db'))
  database.exec(
    "INSERT INTO ledger VALUES ('shop','payment','GHOST-1','a','b',1,1,1); INSERT INTO notifications VALUES ('shop','n','TRANSACTION.SUCCESS','transaction',NULL,'ignored',1)",
  )
  database.exec(`INSERT INTO orders (merchant, out_trade_no, mchid, description, amount_total, amount_currency, state, version, attempts, expires_at, late, next_check_at, created_at, updated_at)
    VALUES ('shop','GHOST-1','1900000001','x',1,'CNY','created',1,0,1,0,1,1,1)`)
  database.close()
  const broken = cashdesk('audit', '--database', 'sqlite:shop.db', '--json')
  expect(await broken.ended).toBe(1)
  const { violations } = JSON.parse(broken.text()) as { violations: { check: string; subject: string }[] }
  expect(violations.map((one) => one.check.slice(0, 3))).toEqual(expect.arrayContaining(['A01', 'A02', 'A05', 'A14']))
})
