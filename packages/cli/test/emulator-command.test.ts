// `cashdesk emulator` and `cashdesk emulator conformance` as processes of their own.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAIN, run } from './run.ts'

let folder: string
const children = new Set<ChildProcess>()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-emulator-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  rmSync(folder, { recursive: true })
})

/** The lines that the command prints before SIGTERM stops it; it exits 0. */
async function printed(argv: readonly string[], lines: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--conditions=@cashdesk/source', MAIN, 'emulator', ...argv], { cwd: folder })
  children.add(child)
  const ended = new Promise((resolve) => child.once('close', resolve))
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await expect.poll(() => text.split('\n').length).toBeGreaterThan(lines)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  return text.trimEnd().split('\n')
}

test('the command prints where it listens, and stops on SIGTERM', async () => {
  const ready = /^cashdesk emulator ready http:\/\/127\.0\.0\.1:\d+$/
  expect(await printed(['--port', '0'], 1)).toEqual([expect.stringMatching(ready)])
  expect(await printed(['--port', '0', '--tls'], 2)).toEqual([
    expect.stringMatching(/^cashdesk emulator tls https:\/\/127\.0\.0\.1:\d+$/),
    expect.stringMatching(ready),
  ])
})

test.each(['public_key', 'certificate', 'both'])(
  'B3: --keys %s is told in emulator.json; without it merchants have the public key',
  async (kind) => {
    const dir = join(folder, 'wechat')
    const keysOf = (): unknown => (JSON.parse(readFileSync(join(dir, 'emulator.json'), 'utf8')) as { keys: string }).keys
    await printed(['--port', '0', '--dir', dir, '--keys', kind], 1)
    expect(keysOf()).toBe(kind)
    if (kind !== 'public_key') return
    await printed(['--port', '0', '--dir', dir], 1)
    expect(keysOf()).toBe('public_key')
  },
)

test('B12: the help of the command names --tls-port and --keys', async () => {
  const { out } = await run(['emulator', '--help'])
  expect(out).toContain('--tls-port <PORT>')
  expect(out).toContain('--keys <KIND>')
})

test('a script can read where the command listens', async () => {
  const dir = join(folder, 'wechat')
  const [line = ''] = await printed(['--port', '0', '--tls', '--dir', dir, '--json'], 1)
  const { base_url, tls_url } = JSON.parse(readFileSync(join(dir, 'emulator.json'), 'utf8')) as Record<string, string>
  expect(JSON.parse(line)).toEqual({ event: 'ready', base_url, tls_url, ca_cert: readFileSync(join(dir, 'ca.pem'), 'utf8'), dir })
})

test.each([[['--port', 'x']], [['--port', '70000']], [['--tls-port', '-1']], [['--keys', 'all']], [['--unknown']], [['conformance']]])(
  'a usage error exits 2: emulator %j',
  async (argv) => {
    const { code, out, err } = await run(['emulator', ...argv])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^[^\n]+\n[^\n]*\p{Script=Han}[^\n]*\n$/u)
  },
)

const node = (file: string): string => `"${process.execPath}" --conditions=@cashdesk/source "${new URL(file, import.meta.url).pathname}"`
const OURS = node('../../../examples/conformance-driver.ts')
const CARELESS = node('../../conformance/test/careless-driver.cjs')

test('conformance reports to people and to programs, and its exit code is the verdict', async () => {
  const right = await run(['emulator', 'conformance', '--driver', OURS, '--only', 'close', '--lang', 'en'])
  expect([right.code, right.out]).toEqual([0, expect.stringMatching(/\n\n1 right, 0 wrong, 0 not offered\n$/)])
  const chinese = await run(['emulator', 'conformance', '--driver', OURS, '--only', 'close', '--lang', 'zh'])
  expect(chinese.out).toMatch(/\n\n正确 1，错误 0，未提供 0\n$/)
  const wrong = await run(['emulator', 'conformance', '--driver', CARELESS, '--only', 'query.stale', '--json'])
  expect(wrong.code).toBe(1)
  const lines = wrong.out.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ scenario: 'query.stale', right: 'rejected', was: 'accepted', verdict: 'fail' }),
    { passed: 0, failed: 1, not_offered: 0 },
  ])
  const crashed = await run(['emulator', 'conformance', '--driver', 'exit 1', '--only', 'order.plain', '--json'])
  expect(crashed.code).toBe(1)
  expect(JSON.parse(crashed.out.split('\n')[0] ?? '')).toMatchObject({ was: 'crashed', verdict: 'fail' })
})
