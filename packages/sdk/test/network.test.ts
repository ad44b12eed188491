// The network between us and WeChat: every failure is typed, and says that it is unknown whether it happened.

import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { type CallOptions, createMiniProgram, isRefused, NetworkError, systemClock } from '../src/index.ts'
import { aWechat } from './wechat.ts'

/** Far above what is taken, and little enough for a client that takes it all. */
const MEGABYTES = 64

/** An answer of so much. */
function large(): Response {
  let left = MEGABYTES
  return new Response(new ReadableStream({ pull: (c) => (left-- > 0 ? c.enqueue(new Uint8Array(1 << 20)) : c.close()) }))
}

test.each([
  ['a connection that fails', async () => Promise.reject(new TypeError('fetch failed')), 'ERR_NETWORK'],
  ['an answer that breaks off', async () => new Response(new ReadableStream({ pull: (c) => c.error(new Error('reset')) })), 'ERR_NETWORK'],
  ['an answer without measure', async () => large(), 'ERR_ANSWER_TOO_LARGE'],
])('D21: %s', async (_, network, code) => {
  const wechat = await aWechat(network)
  const error: unknown = await wechat
    .client()
    .transactions.jsapi(wechat.order())
    .catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(NetworkError)
  expect(error).toMatchObject({ code, outcome: 'unknown' })
  expect(isRefused(error)).toBe(false)
})

test('D20: a stalled answer ends at the deadline', async () => {
  const wechat = await aWechat(() => new Promise(() => {}))
  const sending = wechat.client({ deadline_ms: 3000 }).transactions.jsapi(wechat.order())
  const outcome = expect(sending).rejects.toMatchObject({ code: 'ERR_DEADLINE', outcome: 'unknown' })
  await expect.poll(() => wechat.seen.length).toBe(1)
  await wechat.clock.advance(3000)
  await outcome
})

test('D20: the same on a real socket that accepts and says nothing', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as { port: number }
  const program = createMiniProgram({
    appid: 'wx',
    app_secret: 's',
    baseURL: `http://127.0.0.1:${port}`,
    clock: systemClock,
    deadline_ms: 100,
  })
  await expect(program.code2Session('code')).rejects.toMatchObject({ code: 'ERR_DEADLINE', outcome: 'unknown' })
  silent.close()
})

/** The client as it is in production, no fetch given, and a WeChat on a socket that does this. */
async function onASocket(answer: RequestListener) {
  const wechat = await aWechat()
  const server = createHttpServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const client = wechat.client({ fetch: undefined, baseURL: `http://127.0.0.1:${port}`, clock: systemClock, deadline_ms: 500 })
  return { server, order: (how: CallOptions = {}) => client.with(how).transactions.jsapi(wechat.order()) }
}

test.each<[string, RequestListener, string]>([
  [
    'an answer that breaks off',
    (_, answer) => void answer.writeHead(200, { 'content-length': 100 }).write('{', () => answer.destroy()),
    'ERR_NETWORK',
  ],
  ['a connection that is cut', (request) => request.socket.destroy(), 'ERR_NETWORK'],
  ['silence', () => {}, 'ERR_DEADLINE'],
  [
    'an answer without measure',
    (_, answer) => {
      let left = MEGABYTES
      const more = (): void => void (answer.destroyed || (left-- > 0 ? answer.write(Buffer.alloc(1 << 20), more) : answer.end()))
      more()
    },
    'ERR_ANSWER_TOO_LARGE',
  ],
])('D21: on a socket, %s: typed, unknown, and the connection is given up', async (_, answer, code) => {
  const gone: Promise<void>[] = []
  const { order } = await onASocket((request, response) => {
    gone.push(new Promise((resolve) => request.socket.once('close', () => resolve())))
    answer(request, response)
  })
  await expect(order()).rejects.toMatchObject({ code, outcome: 'unknown' })
  await Promise.all(gone)
  expect(gone).toHaveLength(1)
})

test('what was given up before it began is not sent', async () => {
  let asked = 0
  const { order } = await onASocket((_, answer) => {
    asked++
    answer.end()
  })
  await expect(order({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ERR_ABORTED' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(asked).toBe(0)
})

test('a call of its own: given up by its signal, or after its own time', async () => {
  const { order } = await onASocket(() => {})
  const abort = new AbortController()
  const given = order({ signal: abort.signal })
  setTimeout(() => abort.abort(), 20)
  await expect(given).rejects.toMatchObject({ code: 'ERR_ABORTED', outcome: 'unknown' })
  await expect(order({ deadline_ms: 30 })).rejects.toMatchObject({ code: 'ERR_DEADLINE', facts: { deadline_ms: expect.closeTo(30, -1) } })
})

test('an answer that redirects is not followed', async () => {
  const wechat = await aWechat(async () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test/' } }))
  await expect(wechat.client().transactions.jsapi(wechat.order())).rejects.toMatchObject({ outcome: 'unknown', refusal: { status: 302 } })
})

test('D16: no error shows a secret, however it is printed', async () => {
  const secrets = async (
    act: (wechat: Awaited<ReturnType<typeof aWechat>>) => Promise<unknown>,
    network?: Parameters<typeof aWechat>[0],
  ) => {
    const wechat = await aWechat(network)
    const error: unknown = await act(wechat).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Error)
    const text = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error)].join('\n')
    const { settings } = wechat.emulator
    for (const secret of [
      settings.api_v3_key,
      settings.merchant_key.slice(60, 120),
      settings.app_secret,
      settings.users[0]?.openid ?? 'none',
    ]) {
      expect(text).not.toContain(secret)
    }
  }
  await secrets((w) => w.client().transactions.jsapi(w.order({ amount: { total: 0 } })))
  await secrets((w) => w.client({ validate: false }).transactions.jsapi(w.order({ amount: { total: 0 } })))
  await secrets((w) => w.client().transactions.byOutTradeNo('NEVER-0001'))
  await secrets(
    (w) => w.client().transactions.jsapi(w.order()),
    () => Promise.reject(new TypeError('fetch failed')),
  )
  await secrets((w) => {
    w.emulator.faults.add({ fault: 'answer.bad_signature' })
    return w.client().transactions.jsapi(w.order())
  })
  await secrets((w) => {
    const { appid, app_secret } = w.emulator.settings
    return createMiniProgram({ appid, app_secret, fetch: w.emulator.fetch, baseURL: 'https://wechat.test', clock: w.clock }).code2Session(
      'wrong',
    )
  })
})
