// What every adapter does, whatever the framework: one table, run against each on real sockets.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateKeys } from '@cashdesk/emulator'
import { getRequestListener } from '@hono/node-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AdapterOptions } from '../../src/adapters/index.ts'
import type { Notification } from '../../src/index.ts'
import { aWechat, NOW } from '../wechat.ts'
import { aNotification, type Make, type Message } from './notification.ts'
import { type Answer, oneConnection, post, postHalf } from './post.ts'

/** An application of the framework with our handler at `/notify`. */
export interface Serving {
  url: string
  close(): Promise<unknown>
}

export type Serve = (options: AdapterOptions) => Promise<Serving>

export interface Framework {
  serve: Serve
  /** A body parser, placed where it must not be, and the framework's switch that the error names. */
  parsed: { serve: Serve; names: string }
  /** Who reads the body: our adapter, or the framework, whose own refusals of a torn or huge body come first. */
  reads: 'adapter' | 'framework'
  /** Cases that the framework refuses by itself, before a route is asked. */
  refuses?: readonly string[]
}

const keys = generateKeys(NOW)

export interface Heard {
  url: string
  handled: Notification[]
  reported: unknown[]
  /** Resolves with the next report. */
  nextReport(): Promise<unknown>
}

/** The application under test, its ears, and a WeChat whose keys it knows. It is closed when the test ends. */
export async function listening(serve: Serve, handle: AdapterOptions['handle'] = () => {}): Promise<Heard> {
  const { direct } = await keys
  const { client } = await aWechat()
  const wechatpay = client({ apiV3Key: direct.api_v3_key, publicKeys: { [direct.public_key_id]: direct.public_key } })
  const handled: Notification[] = []
  const reported: unknown[] = []
  let hear: (error: unknown) => void = () => {}
  const { url, close } = await serve({
    wechatpay,
    handle: async (notification) => {
      handled.push(notification)
      await handle(notification)
    },
    report(error) {
      reported.push(error)
      hear(error)
    },
  })
  onTestFinished(async () => void (await close()))
  return { url, handled, reported, nextReport: () => new Promise((resolve) => (hear = resolve)) }
}

export async function make(make: Make = {}): Promise<Message> {
  return aNotification(await keys, make)
}

/** For frameworks that give a node:http server. */
export function onPort(server: Server): Promise<Serving> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // A server that listens on a port has an address of this kind.
      const { port } = server.address() as AddressInfo
      resolve({
        url: `http://127.0.0.1:${port}/notify`,
        close: () => {
          server.closeAllConnections()
          return new Promise((closed) => server.close(closed))
        },
      })
    })
  })
}

/** For what takes a Request and gives a Response. */
export function fetchOnPort(fetch: (request: Request) => Response | Promise<Response>): Promise<Serving> {
  return onPort(createServer(getRequestListener(fetch)))
}

const ACKNOWLEDGED = { status: 204, body: '' }
const refused = (status: number, message: string) => ({ status, body: JSON.stringify({ code: 'FAIL', message }) })

export function behaves(name: string, framework: Framework): void {
  const { serve, parsed } = framework

  describe(`${name}: acknowledged`, () => {
    test('a valid notification, once, typed', async () => {
      const { url, handled, reported } = await listening(serve)
      expect(await post(url, await make())).toMatchObject(ACKNOWLEDGED)
      expect(handled).toMatchObject([{ kind: 'payment', transaction: { out_trade_no: 'ORDER-0001', amount: { total: 2800 } } }])
      expect(reported).toEqual([])
    })

    test('whatever charset its Content-Type names', async () => {
      const { url, handled } = await listening(serve)
      expect(await post(url, await make({ content_type: 'application/json; charset=utf-8' }))).toMatchObject(ACKNOWLEDGED)
      expect(handled).toHaveLength(1)
    })

    test('with 64 KiB to the byte', async () => {
      const { url, handled } = await listening(serve)
      expect(await post(url, await make({ bytes: 65_536 }))).toMatchObject(ACKNOWLEDGED)
      expect(handled).toHaveLength(1)
    })

    test('two on one connection', async () => {
      const { url, handled } = await listening(serve)
      const agent = oneConnection()
      const answers = [await post(url, await make(), agent), await post(url, await make(), agent)]
      agent.destroy()
      expect(answers).toMatchObject([
        { ...ACKNOWLEDGED, reused: false },
        { ...ACKNOWLEDGED, reused: true },
      ])
      expect(handled).toHaveLength(2)
    })
  })

  describe(`${name}: refused, and not handled`, () => {
    test.each<[string, () => Promise<Message>, string]>([
      ['a bad signature', async () => ({ ...(await make()), body: edited((await make()).body) }), 'ERR_SIGNATURE_MISMATCH'],
      ['a stale one', () => make({ seconds: -301 }), 'ERR_TIMESTAMP_WINDOW'],
      ['a SIGNTEST probe', () => make({ probe: true }), 'ERR_SIGNATURE_PROBE'],
      [
        'D4: an unsigned one',
        async () => ({ ...(await make()), headers: { 'content-type': 'application/json' } }),
        'ERR_SIGNATURE_HEADERS',
      ],
      ['D8: unsigned XML of the old protocol', async () => XML, 'ERR_SIGNATURE_HEADERS'],
      ['an empty body', async () => ({ ...(await make()), body: Buffer.alloc(0) }), 'ERR_SIGNATURE_MISMATCH'],
    ])('%s', async (refusal, message, code) => {
      const { url, handled, reported } = await listening(serve)
      const answer = await post(url, await message())
      expect(handled).toEqual([])
      if (framework.refuses?.includes(refusal)) {
        expect(answer.status).toBeOneOf([400, 415])
        return
      }
      expect(answer).toMatchObject(refused(400, code))
      expect(reported).toMatchObject([{ code }])
    })

    test('more than 64 KiB, validly signed', async () => {
      const { url, handled } = await listening(serve)
      expect(await post(url, await make({ bytes: 65_537 }))).toMatchObject({ status: 413 })
      expect(handled).toEqual([])
    })
  })

  test(`${name}: D15: what was not handled is not acknowledged`, async () => {
    const failure = new Error('the database is away')
    const { url, handled, reported } = await listening(serve, () => Promise.reject(failure))
    expect(await post(url, await make())).toMatchObject(refused(500, 'NOT_HANDLED'))
    expect(handled).toHaveLength(1)
    expect(reported).toEqual([failure])
  })

  test(`${name}: a body that a parser took is not acknowledged, and the error names the switch`, async () => {
    const { url, handled, reported } = await listening(parsed.serve)
    expect(await post(url, await make())).toMatchObject(refused(500, 'ERR_BODY_PARSED'))
    expect(handled).toEqual([])
    expect(reported).toMatchObject([{ code: 'ERR_BODY_PARSED', message: expect.stringContaining(parsed.names) }])
  })

  // What a framework does with a torn or huge body is its own affair.
  if (framework.reads === 'framework') return

  test(`${name}: a mebibyte is refused, and the connection goes on`, async () => {
    const { url, handled, reported } = await listening(serve)
    const agent = oneConnection()
    const answers: Answer[] = [await post(url, await make({ bytes: 1024 * 1024 }), agent), await post(url, await make(), agent)]
    agent.destroy()
    expect(answers).toMatchObject([{ ...refused(413, 'BODY_TOO_LARGE'), reused: false }, ACKNOWLEDGED])
    expect(handled).toHaveLength(1)
    expect(reported).toMatchObject([{ code: 'ERR_MESSAGE_SHAPE', facts: { bytes_max: 65_536 } }])
  })

  test(`${name}: a sender that hangs up in the middle does no harm`, async () => {
    const { url, handled, nextReport } = await listening(serve)
    const report = nextReport()
    const hangUp = await postHalf(url, await make())
    hangUp()
    expect(await report).toBeInstanceOf(Error)
    expect(await post(url, await make())).toMatchObject(ACKNOWLEDGED)
    expect(handled).toHaveLength(1)
  })
}

const XML: Message = {
  headers: { 'content-type': 'text/xml' },
  body: Buffer.from('<xml><return_code><![CDATA[SUCCESS]]></return_code><result_code><![CDATA[SUCCESS]]></result_code></xml>'),
}

function edited(body: Buffer): Buffer {
  return Buffer.from(body.toString().replace('id-1', 'id-2'))
}
