// Every fault played by a real `cashdesk emulator`, seen as bytes on a socket. It was asked to misbehave, so it prints nothing about it (G6).

import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createInterface } from 'node:readline'
import { formatAuthorization, privateKey, requestMessage, sign } from '@cashdesk/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmulatorSettings, FAULTS, type FaultName } from '../../src/index.ts'

const MAIN = new URL('../../../cli/src/main.ts', import.meta.url).pathname

/** Both streams: what a fault does is told by the control API. */
const ONLY_READY = /^\{"event":"ready".*\}\n$/

let child: ChildProcess
let said = ''
let settings: EmulatorSettings
const notified: string[] = []
const merchant = createServer((request, answer) => {
  notified.push(request.url ?? '')
  request.resume().on('end', () => answer.writeHead(204).end())
})

beforeAll(async () => {
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve))
  const started = spawn(process.execPath, ['--conditions=@cashdesk/source', MAIN, 'emulator', '--port', '0', '--keys', 'both', '--json'])
  child = started
  for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [ready] = await new Promise<string[]>((resolve) =>
    createInterface({ input: started.stdout }).once('line', (...line) => resolve(line)),
  )
  settings = (await (await fetch(`${JSON.parse(ready ?? '').base_url}/_emulator/settings`)).json()) as EmulatorSettings
})
afterAll(() => {
  child?.kill('SIGKILL')
  merchant.close()
})

async function control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return (await (await fetch(`${settings.base_url}/_emulator${path}`, { method, ...json })).json()) as Record<string, unknown>
}

/** All bytes that come until the emulator hangs up; `most` hangs up first, after so many. */
function bytesOf(lines: readonly string[], body = '', most = Number.POSITIVE_INFINITY): Promise<string> {
  const { hostname, port } = new URL(settings.base_url)
  return new Promise((resolve) => {
    let text = ''
    const head = [...lines, `Host: ${hostname}:${port}`, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', '', body]
    const socket = connect(Number(port), hostname, () => socket.write(head.join('\r\n')))
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      text += chunk
      if (text.length > most) socket.resetAndDestroy()
    })
    // A reset is one way of hanging up.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })
}

async function signed(method: string, target: string, body = ''): Promise<string[]> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const { mchid, merchant_key, merchant_serial } = settings
  const signature = await sign(privateKey(merchant_key), requestMessage(method, target, timestamp, 'nonce', body))
  const authorization = formatAuthorization({ mchid, serial_no: merchant_serial, nonce_str: 'nonce', timestamp, signature })
  return [
    `${method} ${target} HTTP/1.1`,
    `Authorization: ${authorization}`,
    'Accept: application/json',
    'User-Agent: raw',
    'Content-Type: application/json',
  ]
}

/** What a client asks for, by what the fault strikes. */
const CALLS: Readonly<Record<string, () => Promise<[lines: string[], body?: string]>>> = {
  'pay v3': async () => [await signed('GET', '/v3/certificates')],
  'pay v2': async () => [['POST /pay/orderquery HTTP/1.1', 'Content-Type: text/xml'], '<xml><a>1</a></xml>'],
  'api.weixin.qq.com': async () => [['GET /sns/jscode2session HTTP/1.1']],
}

const TRAFFIC = (Object.keys(FAULTS) as FaultName[]).filter((name) => !name.startsWith('notification.'))
/** Those that every host of WeChat can play, and what then arrives. */
const LENGTHS: Readonly<Partial<Record<FaultName, (all: number) => number>>> = {
  'request.lost': () => 0,
  'answer.lost': () => 0,
  'answer.timeout': () => 0,
  'answer.truncated': (all) => Math.ceil(all / 2),
  'answer.drip': (all) => all,
}

for (const [host, call] of Object.entries(CALLS)) {
  test.each(Object.keys(LENGTHS) as FaultName[])(`G6: %s of ${host} is played without a word`, async (fault) => {
    const whole = (await bytesOf(...(await call()))).split('\r\n\r\n')[1] ?? ''
    expect(whole.length).toBeGreaterThan(10)
    await control('POST', '/faults', { fault, seconds: 0 })
    const [head = '', ...body] = (await bytesOf(...(await call()))).split('\r\n\r\n')
    const expected = LENGTHS[fault]?.(whole.length) ?? 0
    if (expected === 0) expect(head).toBe('')
    else expect(head.toLowerCase()).toContain('content-length: ')
    const promised = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    expect(body.join('').length).toBe(LENGTHS[fault]?.(promised) ?? 0)
    expect(said).toMatch(ONLY_READY)
    expect(await control('GET', '/faults')).toMatchObject({ faults: [] })
  })
}

test.each(TRAFFIC.filter((name) => !LENGTHS[name]))('G6: %s is an answer, and nothing is said of it', async (fault) => {
  await control('POST', '/faults', { fault, seconds: 600 })
  expect(await bytesOf(await signed('GET', '/v3/certificates'))).toMatch(/^HTTP\/1\.1 (200|429|500) /)
  expect(said).toMatch(ONLY_READY)
  expect(await control('GET', '/faults')).toMatchObject({ faults: [] })
})

let count = 0
async function payOne(): Promise<string> {
  count += 1
  const out_trade_no = `RAW-${String(count).padStart(4, '0')}`
  const { appid, mchid, users } = settings
  const notify_url = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/${out_trade_no}`
  const order = { appid, mchid, description: '拿铁', out_trade_no, notify_url, amount: { total: 1 }, payer: { openid: users[0]?.openid } }
  const body = JSON.stringify(order)
  const answer = await bytesOf(await signed('POST', '/v3/pay/transactions/jsapi', body), body)
  await control('POST', '/orders/pay', { prepay_id: JSON.parse(answer.split('\r\n\r\n')[1] ?? '').prepay_id })
  return out_trade_no
}

test.each(Object.keys(FAULTS).filter((name) => name.startsWith('notification.')))('G6: %s is played without a word', async (fault) => {
  await control('POST', '/faults', { fault, seconds: 1 })
  const out_trade_no = await payOne()
  await expect.poll(() => control('GET', '/faults')).toMatchObject({ faults: [] })
  // It arrives in the end, whatever became of the first delivery.
  await control('POST', '/clock', { advance_ms: 120_000 })
  await expect.poll(() => notified).toContain(`/${out_trade_no}`)
  await control('POST', '/clock', { now: Date.now() })
  expect(said).toMatch(ONLY_READY)
})

test.each([0, 10, 300])('G6: a client that hangs up after %i bytes of a slow answer is no error either', async (most) => {
  await control('POST', '/faults', { fault: 'answer.drip', seconds: 1 })
  await bytesOf(await signed('GET', '/v3/certificates'), '', most)
  await bytesOf(await signed('GET', '/v3/certificates'))
  expect(said).toMatch(ONLY_READY)
})
