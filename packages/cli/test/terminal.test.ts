// Colour and progress appear on a terminal only. The pseudo terminal is that of `script` (util-linux).

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migrateStore } from '@cashdesk/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ofWhole, startProgress } from '../src/command/progress.ts'
import { columns, hasColour, padded } from '../src/command/terminal.ts'
import { table } from '../src/table.ts'
import { COMMAND, run } from './run.ts'

const ESCAPE = String.fromCharCode(27)
const BOLD = `${ESCAPE}[1m`
const CLEAR = `\r${ESCAPE}[2K`

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-terminal-'))
  await migrateStore(`sqlite:${join(folder, 'shop.db')}`, 'apply')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Everything sent to the terminal, and the exit code. `line` is run by a shell. */
function onTerminal(line: string, env: Record<string, string> = {}): Promise<{ code: number | null; screen: string }> {
  const { NO_COLOR, FORCE_COLOR, ...inherited } = process.env
  const child = spawn('script', ['--quiet', '--return', '--command', line.replaceAll('cashdesk', COMMAND), '/dev/null'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...inherited, LC_ALL: 'en_US.UTF-8', TERM: 'xterm', SHELL: '/bin/sh', ...env },
  })
  let screen = ''
  child.stdout.on('data', (chunk: Buffer) => (screen += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, screen })))
}

describe('on a terminal', () => {
  test('help has bold titles, except with NO_COLOR or TERM=dumb', async () => {
    const { code, screen } = await onTerminal('cashdesk audit --help')
    expect(code).toBe(0)
    for (const title of ['Usage:', 'Options:', 'Examples:', 'Exit codes:']) expect(screen).toContain(`${BOLD}${title}`)
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const plain = await onTerminal('cashdesk audit --help', env)
      expect(plain.screen).toContain('Exit codes:')
      expect(plain.screen).not.toContain(ESCAPE)
    }
  })

  test('an error is red', async () => {
    const { code, screen } = await onTerminal('cashdesk audit --jsno')
    expect([code, screen]).toEqual([2, expect.stringContaining(`${ESCAPE}[31mThere is no option --jsno.`)])
  })

  test.each([
    ['audit --database sqlite:shop.db', 'auditing …'],
    ['export --database sqlite:shop.db --out one.ndjson', 'exporting …'],
    ['export --database sqlite:shop.db --out two.ndjson && cashdesk import --in two.ndjson --database sqlite:imported.db', 'importing …'],
    ['backup --to copies --database sqlite:shop.db', 'backing up …'],
    ['migrate --database sqlite:new.db', 'migrating …'],
  ])('%s shows progress, and erases it before it prints its result', async (argv, work) => {
    const { code, screen } = await onTerminal(`cashdesk ${argv}`)
    expect(code).toBe(0)
    expect(screen).toContain(`${CLEAR}${work}`)
    // Nothing of the progress line is left: it was erased each time after it was drawn.
    const drawn = screen.split(CLEAR).map((part) => part.replaceAll('\r\n', '\n'))
    for (const part of drawn.filter((one) => one.includes(' …'))) expect(part).not.toContain('\n')
    expect(drawn.at(-1)).not.toContain(' …')
  })

  test('redirected output contains no progress', async () => {
    const { code, screen } = await onTerminal('cashdesk audit --database sqlite:shop.db --json > out.json')
    expect([code, screen]).toEqual([0, expect.stringContaining('auditing …')])
    expect(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))).toMatchObject({ violations: [] })
  })
})

describe('without a terminal', () => {
  test.each([
    [['audit', '--database', 'sqlite:shop.db']],
    [['export', '--database', 'sqlite:shop.db', '--out', 'three.ndjson']],
    [['backup', '--to', 'copies-2', '--database', 'sqlite:shop.db']],
    [['migrate', '--database', 'sqlite:other.db']],
    [['audit', '--help']],
    [['audit', '--jsno']],
  ])('%j writes no escape code and no progress', async (argv) => {
    // FORCE_COLOR does not make a file a terminal.
    const { out, err } = await run(argv, { cwd: folder, env: { FORCE_COLOR: '1', LC_ALL: 'en_US.UTF-8' } })
    expect(out + err).not.toBe('')
    expect(out + err).not.toContain(ESCAPE)
    expect(out + err).not.toContain(' …')
  })
})

test('a first start on a terminal says that it migrates; later starts do not', async () => {
  const { emulator, close } = await import('@cashdesk/emulator').then(({ startEmulator }) => startEmulator({ port: 0 }))
  const { configForEmulator } = await import('../src/index.ts')
  const config = configForEmulator(emulator.settings, { public_url: 'http://127.0.0.1:1', api_key: 'cd_test_0123456789abcdef0123' })
  writeFileSync(join(folder, 'cashdesk.json'), JSON.stringify(config))
  const start = (file: string) =>
    onTerminal(
      `cashdesk serve --port 0 --database sqlite:${file} > ready & until grep -q ready ready; do sleep 0.1; done; kill $!; wait; rm ready`,
    )
  const first = await start('first.db')
  expect(first.screen).toMatch(/migrating the database …/)
  expect(existsSync(join(folder, 'first.db'))).toBe(true)
  expect((await start('first.db')).screen).not.toContain('migrating')
  await close()
  const database = new DatabaseSync(join(folder, 'first.db'))
  expect(database.prepare('SELECT COUNT(*) AS n FROM migrations').get()?.['n']).toBeGreaterThan(0)
  database.close()
})

describe('the progress line', () => {
  const screenOf = (width: number) => {
    const written: string[] = []
    return { isTTY: true, columns: width, write: (text: string) => written.push(text), written }
  }

  test('is cut to the width of the terminal, in Chinese, too', () => {
    const screen = screenOf(12)
    startProgress('正在备份数据库文件', screen)
    expect(columns(screen.written.join('').replace(CLEAR, ''))).toBeLessThan(12)
  })

  test('is erased for other output and drawn again, but never after its end', () => {
    const screen = screenOf(80)
    const line = startProgress('asking', screen)
    line.around(() => screen.write('found\n'))
    line.end()
    line.around(() => screen.write('late\n'))
    line.end()
    line.at('more')
    expect(screen.written).toEqual([`${CLEAR}asking …`, CLEAR, 'found\n', `${CLEAR}asking …`, CLEAR, 'late\n'])
  })

  test('shows how much of the total is done, if the total is known', () => {
    expect([ofWhole(524_288, 1_048_576), ofWhole(1_048_576, undefined), ofWhole(2, 1)]).toEqual(['0.5 MB, 50 %', '1.0 MB', '0.0 MB, 100 %'])
  })
})

test('a Chinese character is two columns wide, a colour code none', () => {
  expect([columns('拿铁'), columns('ab，'), columns(`${BOLD}ab${ESCAPE}[22m`)]).toEqual([4, 4, 2])
  expect(padded('拿铁', 6)).toBe('拿铁  ')
  expect(
    table(
      ['name', 'x'],
      [
        ['拿铁', '1'],
        ['coffee', '2'],
      ],
    ),
  ).toBe('name    x\n拿铁    1\ncoffee  2')
})

test('colour depends on the stream and the environment', () => {
  expect(hasColour({ isTTY: true }, {})).toBe(true)
  expect(hasColour({}, { FORCE_COLOR: '1' })).toBe(false)
  expect(hasColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true)
})
