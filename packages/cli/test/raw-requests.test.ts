// Requests that only a raw socket can send: two Host headers, a cut body, an abrupt end. The server answers correctly and stays sound.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator } from '@cashdesk/emulator'
import { type LogFields, type RunningServer, readConfig, startServer } from '@cashdesk/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configForEmulator } from '../src/index.ts'

const KEY = 'cd_test_0123456789abcdef0123456789'
let folder: string
let server: RunningServer
const logs: { event: string; fields: LogFields }[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-raw-'))
  const { settings } = await createEmulator()
  const file = join(folder, 'cashdesk.json')
  writeFileSync(file, JSON.stringify(configForEmulator(settings, { public_url: 'http://127.0.0.1:1', api_key: KEY })))
  server = await startServer(readConfig(file), {
    database_url: `sqlite:${join(folder, 'raw.db')}`,
    port: 0,
    log: (event, fields = {}) => void logs.push({ event, fields }),
  })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** Everything received until the connection ends. */
function exchange(text: string, hangUpAfterMs?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text))
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8')
    })
    socket.on('close', () => resolve(heard))
    socket.on('error', reject)
    if (hangUpAfterMs !== undefined) setTimeout(() => socket.destroy(), hangUpAfterMs)
  })
}

test('A10: a request with two Host headers is refused, whatever they say; one with a single header is served', async () => {
  const get = (...hosts: string[]) =>
    exchange(`GET /livez HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join('')}Connection: close\r\n\r\n`)
  expect(await get('127.0.0.1')).toMatch(/^HTTP\/1\.1 200 /)
  for (const hosts of [
    ['127.0.0.1', 'evil.example'],
    ['127.0.0.1', '127.0.0.1'],
  ]) {
    expect(await get(...hosts)).toMatch(/^HTTP\/1\.1 400 /)
  }
  expect(await exchange('GET /livez HTTP/1.1\r\nhOsT: a\r\nHOST: b\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
})

test('A10: a body that the caller cuts off is not our failure: nothing is written, and no 500 is logged or counted', async () => {
  const head = `POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${KEY}\r\nContent-Type: application/json\r\n`
  await exchange(`${head}Content-Length: 500\r\n\r\n{"merchant":"shop"`, 100)
  await exchange(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"mer\r\n`, 100)
  await exchange(`POST /wechat/shop/notify/payment HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\n{`, 100)
  const list = await fetch(`${server.url}/v1/orders?merchant=shop`, { headers: { authorization: `Bearer ${KEY}` } })
  expect(((await list.json()) as { data: unknown[] }).data).toEqual([])
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).not.toMatch(/http_response_status_code="5/)
  expect(logs.filter(({ event }) => event === 'request.failed')).toEqual([])
})
