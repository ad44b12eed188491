// The installed command: packed, in an empty project, started from other folders by the machine's own Node (F8), and killed (G6).

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { oldNode } from './old-node.ts'
import { anEmptyProject, needsOf, type Packing, pack, packInstalled, ROOT, remove } from './packed.ts'

const MINUTE = 60_000

let packing: Packing
/** A project with the command and without its own Node. */
let project: string
/** A project with its own Node beside the command. */
let equipped: string
const children = new Set<ChildProcess>()

describe.skipIf(!oldNode)(`the command on Node ${oldNode?.version}`, () => {
  beforeAll(async () => {
    packing = await pack()
    const tarballs = await packInstalled(packing.directory, await needsOf(packing.packages.map(({ name }) => name)))
    const ours = packing.packages.map(({ tarball }) => tarball)
    project = await anEmptyProject(packing.directory, 'project', [...ours, ...tarballs])
    equipped = await anEmptyProject(packing.directory, 'equipped', [...ours, ...tarballs])
    symlinkSync(join(ROOT, 'node_modules/node'), join(equipped, 'node_modules/node'))
    mkdirSync(join(packing.directory, 'elsewhere'))
  }, 4 * MINUTE)
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL')
    children.clear()
  })
  afterAll(() => packing && remove(packing.directory))

  /** Starts the command as a user would whose current folder is `folder`. */
  function started(command: string, folder: string, args: readonly string[], stdio: 'pipe' | number = 'pipe', detached = false) {
    const PATH = [oldNode?.folder, '/usr/bin', '/bin'].join(delimiter)
    const child = spawn(command, args, { cwd: folder, env: { PATH, HOME: packing.directory }, stdio: ['ignore', stdio, stdio], detached })
    children.add(child)
    const said = { out: '', err: '' }
    child.stdout?.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
    const ended = once(child, 'close') as Promise<[code: number | null, signal: string | null]>
    return { child, said, ended }
  }
  const elsewhere = (): string => join(packing.directory, 'elsewhere')
  const command = (where: string): string => join(where, 'node_modules/.bin/cashdesk')

  test('F8: without a newer Node it prints one sentence with the remedy, and no stack', async () => {
    for (const folder of [project, elsewhere(), '/']) {
      const { said, ended } = started(command(project), folder, ['emulator'])
      expect(await ended).toEqual([1, null])
      const [en = '', zh = '', ...rest] = said.err.split('\n')
      expect(en).toBe(
        `cashdesk needs Node 24 or newer, and this is Node ${oldNode?.version}: run \`npm install --save-dev node@24\`, which brings one for this project alone, or use a newer Node.`,
      )
      expect(zh).toContain(`需要 Node 24 或更新版本，当前为 Node ${oldNode?.version}`)
      expect(rest).toEqual([''])
      expect(said.out).toBe('')
    }
  })

  test('F8: it runs on the Node beside it, from any folder, and passes the exit code on', async () => {
    for (const folder of [equipped, elsewhere(), '/']) {
      const { said, ended } = started(command(equipped), folder, ['--help'])
      expect(await ended).toEqual([0, null])
      expect(said.out).toContain('Usage: cashdesk <command>')
      expect(said.err).toBe('')
    }
    expect(await started(command(equipped), elsewhere(), ['no-such-command']).ended).toEqual([2, null])
  })

  test('F8: it runs on the Node of the project in whose folder it is started', async () => {
    const folder = join(equipped, 'src')
    mkdirSync(folder, { recursive: true })
    const { said, ended } = started(command(project), folder, ['--help'])
    expect(await ended).toEqual([0, null])
    expect(said.out).toContain('Usage: cashdesk <command>')
  })

  test('F8: the command of the repository also runs from another folder', async () => {
    const { said, ended } = started(join(ROOT, 'node_modules/.bin/cashdesk'), elsewhere(), ['--help'])
    expect(await ended).toEqual([0, null])
    expect(said.out).toContain('Usage: cashdesk <command>')
  })

  const COMMANDS = [
    ['installed', () => command(equipped)],
    ['of the repository', () => join(ROOT, 'node_modules/.bin/cashdesk')],
  ] as const

  /** The emulator with a state file. It writes the file only at a polite stop, so the file shows that the stop was polite. */
  async function anEmulator(program: string, name: string, redirected: boolean, detached = false) {
    const folder = join(packing.directory, `run-${name}`)
    mkdirSync(folder)
    const log = join(folder, 'log')
    const state = join(folder, 'state.json')
    const file = redirected ? openSync(log, 'w') : undefined
    const run = started(program, folder, ['emulator', '--port', '0', '--state', state, '--json'], file ?? 'pipe', detached)
    if (file !== undefined) closeSync(file)
    const text = (): string => (redirected ? readFileSync(log, 'utf8') : run.said.out)
    await expect.poll(text).toContain('"ready"')
    const url: string = JSON.parse(text().split('\n')[0] ?? '').base_url
    await fetch(`${url}/_emulator/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: '小刚' }),
    })
    const lines = (): number => readFileSync(state, 'utf8').trimEnd().split('\n').length
    expect(lines()).toBe(2)
    return { ...run, text, lines, port: Number(new URL(url).port) }
  }

  const isListening = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })

  for (const [which, program] of COMMANDS) {
    test.each(['SIGTERM', 'SIGINT'] as const)(`G6: %s is passed on to the command ${which}, which stops politely`, async (signal) => {
      const { child, ended, lines, said } = await anEmulator(program(), `${which}-${signal}`, false)
      child.kill(signal)
      expect(await ended).toEqual([0, null])
      expect(lines()).toBe(1)
      expect(said.err).toBe('')
    })

    test(`G6: Ctrl-C reaches the command ${which} twice, from the terminal and from its launcher, and counts once`, async () => {
      const { child, ended, lines } = await anEmulator(program(), `${which}-group`, false, true)
      process.kill(-(child.pid ?? 0), 'SIGINT')
      expect(await ended).toEqual([0, null])
      expect(lines()).toBe(1)
    })

    test.each([true, false])(
      `G6: a launcher killed with SIGKILL leaves no server behind, ${which}, output redirected: %s`,
      async (redirected) => {
        const { child, port, lines } = await anEmulator(program(), `${which}-kill-${redirected}`, redirected)
        expect(await isListening(port)).toBe(true)
        child.kill('SIGKILL')
        await expect.poll(() => isListening(port)).toBe(false)
        // The emulator closes its port before it writes its state.
        await expect.poll(lines).toBe(1)
      },
    )
  }

  test('G6: a command that is killed kills its launcher in the same way', async () => {
    const { child, ended } = await anEmulator(command(equipped), 'child-killed', false)
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
    process.kill(Number(children[0]), 'SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
  })
})
