// The production way out: connections are kept alive and reused, TLS is checked whatever the environment says, an idle connection goes first.

import { createServer as createHttp, type IncomingMessage } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { generateKeys } from '@cashdesk/emulator'
import { afterEach, describe, expect, test } from 'vitest'
import { createMiniProgram, nodeFetch } from '../src/index.ts'
import { createWechatPayV2 } from '../src/v2/index.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function listening(server: ReturnType<typeof createHttp>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function text(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

test('method, headers, bytes, status and answer pass through; one connection serves many requests', async () => {
  const sockets = new Set<Socket>()
  const port = await listening(
    createHttp(async (request, response) => {
      sockets.add(request.socket)
      const seen = {
        method: request.method,
        url: request.url,
        serial: request.headers['wechatpay-serial'],
        length: request.headers['content-length'],
        body: await text(request),
      }
      response.setHeader('Request-ID', 'abc')
      response.end(JSON.stringify(seen))
    }),
  )
  const fetch = nodeFetch()
  for (let i = 0; i < 5; i++) {
    const answer = await fetch(
      new Request(`http://127.0.0.1:${port}/v3/a%7Cb?x=1`, { method: 'POST', headers: { 'Wechatpay-Serial': 'S' }, body: '{"a":"拿铁"}' }),
    )
    expect(answer.headers.get('request-id')).toBe('abc')
    expect(await answer.json()).toEqual({ method: 'POST', url: '/v3/a%7Cb?x=1', serial: 'S', length: '14', body: '{"a":"拿铁"}' })
  }
  expect(sockets.size).toBe(1)
})

test('a 204 has no body; a redirect is handed over, not followed', async () => {
  const port = await listening(
    createHttp((request, response) => {
      response.writeHead(request.url === '/204' ? 204 : 302, { location: 'http://127.0.0.1:1/' })
      response.end()
    }),
  )
  const fetch = nodeFetch()
  expect((await fetch(new Request(`http://127.0.0.1:${port}/204`, { method: 'POST', body: '{}' }))).body).toBeNull()
  expect((await fetch(new Request(`http://127.0.0.1:${port}/302`))).status).toBe(302)
})

test('D28: a certificate that nobody vouches for is refused, even when the environment says not to look', async () => {
  const { direct } = await generateKeys()
  const server = createHttps({ key: direct.merchant_key, cert: direct.merchant_cert }, (_, response) => response.end('{}'))
  const port = await listening(server as unknown as ReturnType<typeof createHttp>)
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  try {
    await expect(nodeFetch()(new Request(`https://127.0.0.1:${port}/`))).rejects.toThrow()
  } finally {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
  }
})

test('an aborted request ends at once', async () => {
  const port = await listening(createHttp(() => {}))
  const abort = new AbortController()
  const asking = nodeFetch()(new Request(`http://127.0.0.1:${port}/`, { signal: abort.signal }))
  setImmediate(() => abort.abort())
  await expect(asking).rejects.toThrow()
})

test('a connection that is reset is an error, not silence', async () => {
  const port = await listening(createHttp((request) => request.socket.destroy()))
  await expect(nodeFetch()(new Request(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({ code: 'ECONNRESET' })
})

describe('A10: no client obeys NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  test.each([
    ['mini program', (baseURL: string) => createMiniProgram({ appid: 'wx1', app_secret: 's', baseURL }).shipping.isTradeManaged()],
    [
      'v2',
      (baseURL: string) =>
        createWechatPayV2({ appid: 'wx1', mch_id: '1900000001', apiV2Key: '0'.repeat(32), signType: 'MD5', baseURL }).orderQuery({
          out_trade_no: 'ORDER-0001',
        }),
    ],
  ])('%s', async (_, act) => {
    const { direct } = await generateKeys()
    let reached = 0
    const server = createHttps({ key: direct.merchant_key, cert: direct.merchant_cert }, (_request, response) => {
      reached++
      response.end('{}')
    })
    const port = await listening(server as unknown as ReturnType<typeof createHttp>)
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      await expect(act(`https://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'ERR_NETWORK' })
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
    expect(reached).toBe(0)
  })
})
