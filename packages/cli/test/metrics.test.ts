// The server in a process of its own: its metrics, and its scheduled work.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '@cashdesk/emulator'
import { startServer } from '@cashdesk/server'
import { configForEmulator } from 'cashdesk'
import { expect, onTestFinished, test } from 'vitest'

test('a scraper on this machine sees the process, the clock and the first audit check soon after the start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-metrics-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const wechat = await startEmulator({ port: 0 })
  onTestFinished(wechat.close)
  const config = configForEmulator(wechat.emulator.settings, {
    public_url: 'http://127.0.0.1:1',
    api_key: 'cd_test_0123456789abcdef0123456789',
  })
  const server = await startServer(config, { database_url: `sqlite:${join(folder, 'shop.db')}`, port: 0 })
  onTestFinished(() => server.close())
  // The page is cached for five seconds, so it is requested only when it has what is expected.
  await expect.poll(() => wechat.emulator.requests().some(({ target }) => target === '/v3/certificates')).toBe(true)
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(200)
  const text = await (await fetch(`${server.url}/metrics`)).text()
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_p99_seconds',
    'wxpay_event_loop_lag_seconds',
  ])
    expect(text).toMatch(new RegExp(`^${name} `, 'm'))
  expect(text).toMatch(/^wxpay_audit_violations\{check="A01_[a-z_]+"\} 0$/m)
  expect(Math.abs(Number(/^wxpay_clock_skew_seconds (\S+)$/m.exec(text)?.[1]))).toBeLessThan(2)
})
