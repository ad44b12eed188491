// `npm start` with a built shop prints one address in less than five seconds, and ends cleanly.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildShop } from '../../examples/start/build-shop.ts'
import { shopIsInstalled } from '../browser/phone.ts'

test.skipIf(!shopIsInstalled)(
  'the second start prints its address in less than 5 s; Ctrl-C ends it',
  async () => {
    await buildShop(() => {})
    const dir = mkdtempSync(join(tmpdir(), 'cashdesk-start-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const started = performance.now()
    const file = join(import.meta.dirname, '../../examples/start/main.ts')
    const ports = ['--port', '0', '--wechat-port', '0', '--phone-port', '0']
    const child = spawn(process.execPath, ['--conditions=@cashdesk/source', file, '--dir', dir, ...ports])
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const address = await new Promise<string>((resolve, reject) => {
      let text = ''
      const hear = (chunk: Buffer): void => {
        text += chunk.toString()
        const found = /Open {2}打开 +(http:\S+)/.exec(text)?.[1]
        if (found !== undefined) resolve(found)
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      void ended.then(() => reject(new Error(text)))
    })
    expect(performance.now() - started).toBeLessThan(5000)
    expect(await (await fetch(`${address}/program/`)).text()).toContain('晨间小铺')
    child.kill('SIGINT')
    expect(await ended).toBe(0)
  },
  120_000,
)

test.skipIf(!shopIsInstalled)('a port in use is reported in one sentence of each language, without a stack', async () => {
  await buildShop(() => {})
  const dir = mkdtempSync(join(tmpdir(), 'cashdesk-start-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  const file = join(import.meta.dirname, '../../examples/start/main.ts')
  const ports = ['--port', '0', '--wechat-port', String(port), '--phone-port', '0']
  const child = spawn(process.execPath, ['--conditions=@cashdesk/source', file, '--dir', dir, ...ports])
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1)
  expect(said.trim().split('\n')).toEqual([
    expect.stringContaining(`Another program listens on port ${port}`),
    expect.stringContaining(`端口 ${port} 已被占用`),
  ])
})
