// The state file (G5): what a kill can leave of it, what it is folded into, who may write to it, and which files are refused.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readState } from '../src/files/read-state.ts'
import { openStateFile } from '../src/files/state-file.ts'
import { type RunningEmulator, startEmulator } from '../src/index.ts'
import type { Change } from '../src/platform/kept/journal.ts'
import type { PlatformState } from '../src/platform/kept/state.ts'
import { recordsOf } from '../src/platform/kept/state-records.ts'
import { aMerchant, anOrder, aWorld, JSAPI } from './world.ts'

let dir: string
let file: string
const running = new Set<RunningEmulator>()

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'emulator-state-file-'))
  file = join(dir, 'state.json')
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const one of running) await one.close().catch(() => undefined)
  running.clear()
  rmSync(dir, { recursive: true, force: true })
})

async function started(port = 0): Promise<RunningEmulator> {
  const emulator = await startEmulator({ port, stateFile: file })
  running.add(emulator)
  return emulator
}

/** Over the socket, as a client does. */
function order({ emulator, url }: RunningEmulator, out_trade_no: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const { settings, clock } = emulator
  const merchant = aMerchant(
    { settings: { ...settings, base_url: url }, fetch: (request) => fetch(request) },
    clock,
    settings.mchid,
    settings,
  )
  return merchant.call('POST', JSAPI, anOrder({ emulator }, { out_trade_no }))
}

const numbers = (state: PlatformState | undefined): string[] => (state?.orders ?? []).map(({ body }) => body.out_trade_no)
const lines = (): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1)
const mode = (path: string): number => statSync(path).mode & 0o777

test('G5: what was answered is in the file before the answer arrives', async () => {
  const emulator = await started()
  for (const out_trade_no of ['order-0001', 'order-0002', 'order-0003']) {
    expect(await order(emulator, out_trade_no)).toMatchObject({ status: 200 })
    expect(numbers(readState(file))).toContain(out_trade_no)
  }
})

test('G5: a last line cut at any byte is ignored, and everything before it is there', async () => {
  const emulator = await started()
  await order(emulator, 'order-0001')
  await order(emulator, 'order-0002')
  const whole = readFileSync(file)
  const before = whole.lastIndexOf(10, whole.length - 2) + 1
  expect(numbers(readState(file))).toEqual(['order-0001', 'order-0002'])
  for (let cut = before; cut < whole.length - 1; cut += 1) {
    writeFileSync(file, whole.subarray(0, cut))
    expect(numbers(readState(file)), `cut at ${cut}`).toEqual(['order-0001'])
  }
  // Only the line feed is missing: everything that the line says is there.
  writeFileSync(file, whole.subarray(0, -1))
  expect(numbers(readState(file))).toEqual(['order-0001', 'order-0002'])
})

test('G5: a start after a cut line writes a whole file again', async () => {
  const first = await started()
  await order(first, 'order-0001')
  await order(first, 'order-0002')
  const torn = readFileSync(file).subarray(0, -20)
  await first.close()
  writeFileSync(file, torn)
  const second = await started()
  expect(lines()).toHaveLength(1)
  expect(numbers(second.emulator.state())).toEqual(['order-0001'])
  await order(second, 'order-0003')
  expect(numbers(readState(file))).toEqual(['order-0001', 'order-0003'])
})

test('G5: a damaged line that is not the last one is an error that names file and line', async () => {
  const emulator = await started()
  await order(emulator, 'order-0001')
  await order(emulator, 'order-0002')
  const [first = '', second = '', ...rest] = lines()
  for (const damaged of [second.slice(0, -9), '', '{"a":1}', '[["orders"]]', '[null]', '[["orders","a",1,2]]']) {
    writeFileSync(file, [first, damaged, ...rest, ''].join('\n'))
    expect(() => readState(file)).toThrow(`${file}:2 is damaged`)
    expect(() => readState(file)).toThrow('已损坏')
  }
})

test.each([
  ['{"version":0}', 'is not a state of this version'],
  ['{"version":1}', 'is not a state of this version'],
  ['{"name":"cashdesk","version":"1"}', 'is not a state of this version'],
  ['[1]', 'is not a state of this version'],
  ['-----BEGIN PRIVATE KEY-----\nabc\n', 'is not a state of this version'],
  ['\n', 'is not a state of this version'],
  ['{"version":3}', 'was written by a newer emulator (version 3)'],
])('G5: %j is refused and left alone', async (text, message) => {
  writeFileSync(file, text)
  await expect(startEmulator({ port: 0, stateFile: file })).rejects.toThrow(message)
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test.each([
  ['a kind of record', ['coupons', 'c1', {}]],
  ['a setting', ['settings', 'gravity', 9]],
])('G5: %s that only a newer emulator knows is refused', async (_, change) => {
  await started()
  writeFileSync(file, `${lines()[0]}\n${JSON.stringify([change])}\n`)
  expect(() => readState(file)).toThrow(`${file}:2 was written by a newer emulator`)
})

test('G5: an empty file is a beginning', async () => {
  writeFileSync(file, '')
  await order(await started(), 'order-0001')
  expect(numbers(readState(file))).toEqual(['order-0001'])
})

/** What it was when it was written, by the code of then: one line of JSON. */
const version1 = (name: string): string => readFileSync(new URL(`state/${name}`, import.meta.url), 'utf8')

test.each([
  ['as changes that follow a state', 'version-1.jsonl'],
  ['folded into one state', 'version-1.read.jsonl'],
])('G5: a state file of version 1 is read, %s: every record, every setting', async (_, name) => {
  writeFileSync(file, version1(name))
  const { mini_programs, version, ...then } = JSON.parse(version1('version-1.read.jsonl'))
  const { subscriptions, ...others } = mini_programs
  const now = { ...then, ...others, version: 2, subscriptions: Object.entries(subscriptions.left), sent: [subscriptions.sent] }
  expect(version).toBe(1)
  expect(readState(file)).toEqual(now)
  const { emulator } = await aWorld({ state: readState(file) })
  expect(JSON.parse(JSON.stringify(emulator.state()))).toEqual(now)
})

test('G5: a state of the first emulators, which knew less, is read', async () => {
  const { mini_programs: _, wallets: __, refund_notify_urls: ___, ...old } = JSON.parse(version1('version-1.read.jsonl'))
  writeFileSync(file, JSON.stringify(old))
  const { emulator } = await started()
  expect(emulator.state()).toMatchObject({ burnt: ['1900000001/burnt-1'], wallets: {}, sessions: [], sent: [] })
  // It is taken over by the start itself, not only by the end.
  expect(readState(file)).toMatchObject({ version: 2, burnt: ['1900000001/burnt-1'] })
})

test('G5: changes are folded when they are longer than the limit and than the state, so the file stays bounded', async () => {
  const { emulator } = await aWorld()
  const records = recordsOf(emulator.state())
  const kept = openStateFile(file, records.state, { foldBytes: 2000 })
  kept.renew()
  let folds = 0
  let longest = 0
  for (let n = 0; n < 500; n += 1) {
    // One record that changes again and again: the state does not grow.
    const change: Change = ['people', `用户${n % 5}`, `用户${n % 5}`]
    records.apply([change])
    kept.write([change])
    if (lines().length === 1) folds += 1
    longest = Math.max(longest, statSync(file).size)
  }
  kept.close()
  expect(folds).toBeGreaterThan(3)
  expect(longest).toBeLessThan(2 * Buffer.byteLength(JSON.stringify(records.state())) + 2000 + 400)
  expect(readState(file)).toEqual(records.state())
  expect(existsSync(`${file}.new`)).toBe(false)
})

test('G5: a long state is not written again for a few changes', async () => {
  const { emulator } = await aWorld()
  const records = recordsOf(emulator.state())
  records.apply([['people', '长', 'x'.repeat(5000)]])
  const kept = openStateFile(file, records.state, { foldBytes: 100 })
  kept.renew()
  for (let n = 0; n < 30; n += 1) kept.write([['people', `用户${n}`, `用户${n}`]])
  kept.close()
  expect(lines()).toHaveLength(31)
})

test('G5: only its owner can read it, whatever an earlier run left behind', async () => {
  const first = await started()
  expect(mode(file)).toBe(0o600)
  await first.close()
  chmodSync(file, 0o644)
  // A fold that was killed.
  writeFileSync(`${file}.new`, '{"version":1,"people', { mode: 0o644 })
  const second = await started()
  await order(second, 'order-0001')
  expect(mode(file)).toBe(0o600)
  expect(existsSync(`${file}.new`)).toBe(false)
})

test('G5: whoever finds the port taken does not touch the state of the one who has it', async () => {
  const first = await started()
  await order(first, 'order-0001')
  const before = readFileSync(file, 'utf8')
  expect(before.split('\n')).toHaveLength(3)
  await expect(startEmulator({ port: Number(new URL(first.url).port), stateFile: file })).rejects.toThrow('EADDRINUSE')
  expect(readFileSync(file, 'utf8')).toBe(before)
})

test('G5: two emulators on one file: the first is told, and the file holds what the second wrote', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const first = await started()
  await order(first, 'order-0001')
  const second = await started()
  expect(await order(first, 'order-0002')).toMatchObject({ status: 500, body: { code: 'SYSTEM_ERROR' } })
  expect(await order(first, 'order-0003')).toMatchObject({ status: 500 })
  expect(said.mock.calls).toEqual([[expect.stringContaining('was changed by another process')]])
  await order(second, 'order-0004')
  expect(numbers(readState(file))).toEqual(['order-0001', 'order-0004'])
})

test.each([
  ['overwritten in place', (text: string) => writeFileSync(file, `${text}[]\n`)],
  [
    'replaced by one of the same length',
    (text: string) => {
      writeFileSync(`${file}.copy`, text)
      renameSync(`${file}.copy`, file)
    },
  ],
])('G5: a file that was %s is left to whoever did it, also by a reset', async (_, change) => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const { emulator, ...more } = await started()
  change(readFileSync(file, 'utf8'))
  const theirs = readFileSync(file, 'utf8')
  expect(await order({ emulator, ...more }, 'order-0001')).toMatchObject({ status: 500 })
  emulator.reset()
  expect(await order({ emulator, ...more }, 'order-0002')).toMatchObject({ status: 500 })
  expect(readFileSync(file, 'utf8')).toBe(theirs)
})

test('G5: while the file cannot be written nothing is promised; afterwards all of it is there', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const emulator = await started()
  await order(emulator, 'order-0001')
  rmSync(dir, { recursive: true })
  const refused = await order(emulator, 'order-0002')
  expect(refused).toMatchObject({ status: 500, body: { code: 'SYSTEM_ERROR', message: expect.stringContaining('cannot be written') } })
  expect(said).toHaveBeenCalledTimes(1)
  mkdirSync(dir)
  expect(await order(emulator, 'order-0003')).toMatchObject({ status: 200 })
  expect(numbers(readState(file))).toEqual(['order-0001', 'order-0002', 'order-0003'])
})

test('G5: a merchant is not notified of what is not in the file', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const endpoint = vi.fn(async () => new Response(null, { status: 204 }))
  const { emulator, ...more } = await startEmulator({ port: 0, stateFile: file, fetch: endpoint })
  running.add({ emulator, ...more })
  const { body } = await order({ emulator, ...more }, 'order-0001')
  rmSync(dir, { recursive: true })
  const url = `${more.url}/_emulator/orders/pay`
  const paid = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prepay_id: body['prepay_id'] }),
  })
  expect(paid.status).toBe(500)
  await emulator.deliverDue()
  expect(endpoint).not.toHaveBeenCalled()
  expect(emulator.notifications()).toMatchObject([{ state: 'waiting', deliveries: [{ error: 'network' }] }])
  mkdirSync(dir)
  await emulator.clock.advance(15_000)
  expect(endpoint).toHaveBeenCalledTimes(1)
  await Promise.resolve()
  expect(readState(file)?.notifications).toMatchObject([{ state: 'delivered' }])
})

test('G5: what was changed without a request is in the file too', async () => {
  const { emulator } = await started()
  emulator.addUser('小刚')
  await Promise.resolve()
  expect(readState(file)?.people).toContain('小刚')
  emulator.reset()
  await Promise.resolve()
  expect(readState(file)?.people).not.toContain('小刚')
})
