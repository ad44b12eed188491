// The TCP proxy on its own, in front of a plain server: each fault spoils one connection, and the next one is well.

import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTcpProxy, type TcpFault, type TcpProxy } from '../../src/index.ts'

const BODY = 'everything arrives'

let server: Server
let proxy: TcpProxy
let requests = 0

beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1
    response.end(BODY)
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  proxy = await startTcpProxy({ target: { host: '127.0.0.1', port } })
})

afterAll(async () => {
  await proxy.close()
  await new Promise((resolve) => server.close(resolve))
})

interface Heard {
  text: string
  how: 'end' | 'reset' | 'silence'
}

/** One request over a connection of its own, and what came back until it ended, broke, or stayed silent. */
function ask(silence_ms = 1000): Promise<Heard> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(proxy.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
    const finish = (how: Heard['how']): void => {
      resolve({ text, how })
      socket.destroy()
    }
    socket.setTimeout(silence_ms, () => finish('silence'))
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8')
    })
    socket.once('end', () => finish('end'))
    socket.once('error', () => finish('reset'))
  })
}

test('without a fault everything passes', async () => {
  expect(await ask()).toMatchObject({ how: 'end', text: expect.stringContaining(BODY) })
})

test.each<[TcpFault, Heard['how'], string, number]>([
  [{ kind: 'reset_before' }, 'reset', '', 0],
  [{ kind: 'reset_after' }, 'reset', '', 1],
  [{ kind: 'half_close' }, 'end', '', 1],
  [{ kind: 'black_hole' }, 'silence', '', 0],
  [{ kind: 'truncate', bytes: 9 }, 'end', 'HTTP/1.1 ', 1],
])('%j', async (fault, how, text, reached) => {
  const before = requests
  proxy.spoil(fault)
  expect(await ask(200)).toEqual({ how, text })
  expect(requests - before).toBe(reached)
  expect(await ask()).toMatchObject({ how: 'end', text: expect.stringContaining(BODY) })
})

test.each<[TcpFault, number]>([
  [{ kind: 'delay', ms: 60 }, 60],
  [{ kind: 'drip', ms_per_byte: 1 }, 100],
])('%j brings everything, late', async (fault, least_ms) => {
  proxy.spoil(fault)
  const start = performance.now()
  expect(await ask()).toMatchObject({ how: 'end', text: expect.stringContaining(BODY) })
  // Timers may wake a little early.
  expect(performance.now() - start).toBeGreaterThan(least_ms * 0.9)
})

test('a fault strikes as often as asked, and can be taken back', async () => {
  proxy.spoil({ kind: 'reset_before' }, 2)
  expect([(await ask()).how, (await ask()).how, (await ask()).how]).toEqual(['reset', 'reset', 'end'])
  proxy.spoil({ kind: 'reset_before' })
  proxy.spoil(undefined)
  expect(await ask()).toMatchObject({ how: 'end' })
})
