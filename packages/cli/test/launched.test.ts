// How the command reacts to signals of its launcher, of its terminal and of both, and to the end of its launcher (F8).

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'

const COMMAND = new URL('launched-command.ts', import.meta.url).pathname
const children = new Set<ChildProcess>()
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

/** `listens`: the signals that stop the command politely. */
async function launched(listens: readonly string[], more: Record<string, string> = { CASHDESK_LAUNCHER: '1' }) {
  const child = spawn(process.execPath, [COMMAND, ...listens], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], ...more },
  })
  children.add(child)
  // Listens from the beginning, because the command may end before anybody waits for it.
  const ended = once(child, 'exit')
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const says = (line: string) => expect.poll(() => text.split('\n')).toContain(line)
  await says('ready')
  return {
    child,
    says,
    text: () => text,
    ended,
    /** Resolves when everything sent before has been handled. */
    async settled() {
      const pong = once(child, 'message')
      child.send('ping')
      expect((await pong)[0]).toBe('pong')
    },
  }
}

test('F8: a stop from the launcher and then from the terminal counts once, and the command may finish', async () => {
  const { child, says, settled, text, ended } = await launched(['SIGINT'])
  child.send('SIGINT')
  await says('stopping on SIGINT')
  child.kill('SIGINT')
  await settled()
  child.send('finish')
  expect(await ended).toEqual([0, null])
  expect(text().match(/stopping/g)).toHaveLength(1)
})

test('F8: a stop from the terminal and then from the launcher counts once, and the command may finish', async () => {
  const { child, says, settled, ended } = await launched(['SIGINT'])
  child.kill('SIGINT')
  await says('stopping on SIGINT')
  child.send('SIGINT')
  await settled()
  child.send('finish')
  expect(await ended).toEqual([0, null])
})

test('F8: a second stop from the same sender ends the command at once', async () => {
  const byLauncher = await launched(['SIGINT'])
  byLauncher.child.send('SIGINT')
  byLauncher.child.send('SIGINT')
  expect(await byLauncher.ended).toEqual([130, null])
  const byTerminal = await launched(['SIGTERM'])
  byTerminal.child.kill('SIGTERM')
  await byTerminal.says('stopping on SIGTERM')
  byTerminal.child.kill('SIGTERM')
  expect(await byTerminal.ended).toEqual([143, null])
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('F8: a command without a handler for %s ends on it with %i, whoever sends it', async (signal, code) => {
  const byLauncher = await launched([])
  byLauncher.child.send(signal)
  expect(await byLauncher.ended).toEqual([code, null])
  const bySystem = await launched([])
  bySystem.child.kill(signal)
  expect(await bySystem.ended).toEqual(signal === 'SIGHUP' ? [null, 'SIGHUP'] : [code, null])
})

test('F8: SIGHUP does not end a command that handles it', async () => {
  const { child, says, settled } = await launched(['SIGHUP', 'SIGTERM'])
  child.send('SIGHUP')
  await says('stopping on SIGHUP')
  await settled()
})

test('F8: when its launcher is gone the command stops politely, unless it is stopping already', async () => {
  const orphan = await launched(['SIGTERM'])
  orphan.child.disconnect()
  await orphan.says('stopping on SIGTERM')
  const stopping = await launched(['SIGINT', 'SIGTERM'])
  stopping.child.send('SIGINT')
  await stopping.says('stopping on SIGINT')
  stopping.child.disconnect()
  await stopping.says('alone')
  stopping.child.stdin?.write('finish')
  expect(await stopping.ended).toEqual([7, null])
  expect(stopping.text()).not.toContain('SIGTERM')
})

test('F8: a command without a polite stop ends with its launcher', async () => {
  const { child, ended } = await launched([])
  child.disconnect()
  expect(await ended).toEqual([143, null])
})

test('F8: a command that has nothing left to do ends although its launcher still runs', async () => {
  const { ended } = await launched(['short'])
  expect(await ended).toEqual([0, null])
})

test('F8: another process with a channel to the command cannot stop it', async () => {
  const { child, settled, text, ended } = await launched(['SIGTERM'], {})
  child.send('SIGTERM')
  await settled()
  child.disconnect()
  child.stdin?.write('x')
  expect(await ended).toEqual([7, null])
  expect(text()).not.toContain('stopping')
})
