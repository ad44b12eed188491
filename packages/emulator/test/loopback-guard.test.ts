// The guard of loopback, byte by byte on sockets: under which names the emulator and the phone answer, and to which pages.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createExchanges, type RunningPhone, startPhone } from '@cashdesk/phone'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { factsOfWire, refusalOf } from '../src/http/loopback-guard.ts'
import { type RunningEmulator, startEmulator, systemClock } from '../src/index.ts'
import { raw, rawPost } from './raw.ts'

let wechat: RunningEmulator
let phone: RunningPhone
let restarts = 0
const shopSaw: string[] = []
const program = mkdtempSync(join(tmpdir(), 'program-'))

beforeAll(async () => {
  writeFileSync(join(program, 'index.html'), '<html><head></head></html>')
  wechat = await startEmulator({ port: 0, tlsPort: 0, allowedHosts: ['My-Desk.example'] })
  const { emulator } = wechat
  phone = await startPhone(
    {
      program,
      appid: emulator.settings.appid,
      merchant_name: '小店',
      emulator,
      shop: async (asked) => {
        shopSaw.push(`${asked.method} ${new URL(asked.url).pathname} ${asked.headers.get('content-type')}`)
        return Response.json({})
      },
      server: async () => Response.json({}),
      exchanges: createExchanges(systemClock),
      orders: async () => [],
      restart: async () => void restarts++,
      allowed_hosts: ['my-desk.example'],
    },
    0,
  )
})
afterAll(async () => {
  await phone.close()
  await wechat.close()
  rmSync(program, { recursive: true })
})

/** Each has private keys or changes something; nothing of it may happen. */
const get = (target: string, ...headers: string[]) => raw(wechat.url, [`GET ${target} HTTP/1.1`, ...headers])
const keysIn = (text: string): boolean => text.includes('PRIVATE KEY')
const portOf = (url: string): string => new URL(url).port

describe('A7: Host', () => {
  const OWN = [
    'localhost',
    'LOCALHOST:8900',
    'localhost.',
    'localhost.:8900',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.255.0.9:8900',
    '[::1]',
    '[::1]:8900',
    'my-desk.example',
    'MY-DESK.example:443',
  ]
  test.each(OWN)('%s is a name of this machine', async (host) => {
    const answer = await get('/_emulator/settings', `Host: ${host}`)
    expect(answer.status).toBe(200)
    expect(keysIn(answer.text)).toBe(true)
    expect((await raw(phone.url, ['GET /wechat/settings HTTP/1.1', `Host: ${host}`])).status).toBe(200)
  })

  const FOREIGN = [
    'evil.example',
    'evil.example:8900',
    'localhost.evil.example',
    'evil.localhost',
    '127.0.0.1.evil.example',
    '127.evil.example',
    '127.0.0.1.nip.io',
    '127.0.0.256',
    '127.0.0.1.5',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '0.0.0.0',
    '0.0.0.0:8900',
    '10.0.0.1',
    '128.0.0.1',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::2]',
    'localhost..',
    'localhost:',
    'localhost:8900:1',
    'localhost:x',
    'localhost@evil.example',
    'evil.example@localhost',
    'user:pass@localhost:8900',
    'localhost evil.example',
    'localhost,evil.example',
    'localhost/evil.example',
    'localhost#evil.example',
    'localhost?evil.example',
    'evil.example\\localhost',
    '本机',
    'sub.my-desk.example',
    'api.mch.weixin.qq.com',
    'api.weixin.qq.com',
    '',
  ]
  test.each(FOREIGN)('%s is not: no private key, no reset', async (host) => {
    for (const [url, path] of [
      [wechat.url, '/_emulator/settings'],
      [wechat.url, '/_emulator/'],
      [phone.url, '/wechat/settings'],
      [phone.url, '/story'],
      [phone.url, '/'],
      [phone.url, '/program/'],
      [phone.url, '/host/backend/products'],
    ] as const) {
      const answer = await raw(url, [`GET ${path} HTTP/1.1`, `Host: ${host}`])
      expect([400, 403], path).toContain(answer.status)
      expect(answer.text).not.toMatch(/PRIVATE KEY|api_v3_key|<html/)
    }
    for (const [url, path] of [
      [wechat.url, '/_emulator/reset'],
      [phone.url, '/restart'],
      [phone.url, '/wechat/reset'],
      [phone.url, '/events'],
    ] as const)
      expect([400, 403]).toContain((await rawPost(url, path, [`Host: ${host}`, 'Content-Type: application/json'])).status)
    expect(restarts).toBe(0)
  })

  test.each(['http://desk.example', 'desk.example:8900', '[::1]:8900', 'desk.example/', 'user@desk.example', '*', '*.example', ''])(
    'an allowed host that could never match is an error before anything listens: %j',
    async (host) => {
      await expect(startEmulator({ port: 0, allowedHosts: [host] })).rejects.toThrow(TypeError)
    },
  )

  test('two Host headers, or none, are refused, in either order', async () => {
    for (const hosts of [
      ['Host: localhost', 'Host: evil.example'],
      ['Host: evil.example', 'Host: localhost'],
      ['Host: localhost', 'host: localhost'],
      ['Host: localhost', 'HOST: localhost'],
      [],
    ]) {
      for (const url of [wechat.url, phone.url]) {
        for (const version of ['1.0', '1.1']) {
          const answer = await raw(url, [`GET /_emulator/settings HTTP/${version}`, ...hosts])
          expect(answer.status, `${hosts.join()} ${version}`).toBe(400)
          expect(keysIn(answer.text)).toBe(false)
        }
      }
    }
  })

  test.each(['', 'localhost..', 'localhost:', 'localhost:x', 'user:pass@localhost:8900', 'localhost,evil.example', '本机'])(
    'a malformed Host is told from a foreign one: %j',
    async (host) => {
      const answer = await get('/_emulator/settings', `Host: ${host}`)
      expect(answer.status).toBe(400)
    },
  )

  test.each(['ftp://localhost/_emulator/settings', 'localhost:8900/_emulator/settings', '*', '_emulator/settings'])(
    'a request target that is neither a path nor an http address names no host: %s',
    (url) => {
      const refusal = refusalOf(factsOfWire({ method: 'GET', url, rawHeaders: ['Host', 'localhost'] }), {})
      expect(refusal?.code).toBe('HOST_INVALID')
    },
  )

  test('the authority of an absolute request target counts as well as Host', async () => {
    for (const target of [
      'http://evil.example/_emulator/settings',
      'http://localhost@evil.example/_emulator/settings',
      'http://evil.example@localhost/_emulator/settings',
      'http://evil.example:80/_emulator/settings',
      'HTTP://evil.example/_emulator/settings',
      'https://evil.example/_emulator/settings',
      'ftp://localhost/_emulator/settings',
      'localhost:8900/_emulator/settings',
      '*',
      'http:///_emulator/settings',
      'http://api.mch.weixin.qq.com/_emulator/settings',
    ]) {
      const answer = await get(target, 'Host: localhost')
      expect([400, 403], target).toContain(answer.status)
      expect(keysIn(answer.text), target).toBe(false)
    }
    expect((await get('http://localhost/_emulator/settings', 'Host: evil.example')).status).toBe(403)
    expect((await get('http://127.0.0.1:9/_emulator/settings', 'Host: localhost')).status).toBe(200)
  })
})

describe('A7: WeChat’s own names', () => {
  const NAMES = ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com', 'api.weixin.qq.com', 'api.wechatpay.cn', 'api2.wechatpay.cn']

  test.each(NAMES)('%s leads to WeChat’s API, by hosts file or proxy', async (host) => {
    for (const start of ['', `http://${host}`]) {
      expect((await get(`${start}/v3/pay/transactions/id/1?mchid=1`, `Host: ${host}`)).status).toBe(401)
      expect((await get(`${start}/sns/jscode2session?appid=x`, `Host: ${host}:8900`)).text).toContain('errcode')
      const order = await raw(
        wechat.url,
        [`POST ${start}/pay/unifiedorder HTTP/1.1`, `Host: ${host}`, 'Content-Type: text/xml', 'Content-Length: 5'],
        '<xml>',
      )
      expect(order.text).toContain('return_code')
    }
  })

  test.each(NAMES)('%s leads to no key and no control route, whatever the spelling of the path', async (host) => {
    for (const path of [
      '/_emulator/settings',
      '/%5Femulator/settings',
      '//_emulator/settings',
      '/v3/../_emulator/settings',
      '/v3/%2e%2e/_emulator/settings',
      '/v3/.%2E/_emulator/settings',
      '/v3/..%2f_emulator/settings',
      '/v3/..\\_emulator/settings',
      '/v3\\..\\_emulator\\settings',
      '/cgi-bin/x/../../_emulator/settings',
      `http://${host}/_emulator/settings`,
      `http://${host}/v3/../_emulator/settings`,
      '/',
      '/v3',
    ]) {
      const answer = await get(path, `Host: ${host}`)
      expect([400, 403], path).toContain(answer.status)
      expect(keysIn(answer.text), path).toBe(false)
    }
    expect((await rawPost(wechat.url, '/_emulator/reset', [`Host: ${host}`, 'Content-Type: application/json'])).status).toBe(403)
    expect((await raw(phone.url, ['GET /wechat/settings HTTP/1.1', `Host: ${host}`])).status).toBe(403)
  })

  test('the same over TLS', async () => {
    const { port, hostname } = new URL(wechat.tls?.url ?? '')
    const ask = (host: string, path: string) =>
      new Promise<number>((resolve, reject) => {
        const options = { host: hostname, port, path, servername: 'api.mch.weixin.qq.com', ca: wechat.tls?.ca_cert, headers: { host } }
        request(options, (answer) => resolve(answer.resume().statusCode ?? 0))
          .once('error', reject)
          .end()
      })
    expect(await ask('api.mch.weixin.qq.com', '/v3/pay/transactions/id/1?mchid=1')).toBe(401)
    expect(await ask('api.mch.weixin.qq.com', '/_emulator/settings')).toBe(403)
    expect(await ask('evil.example', '/v3/pay/transactions/id/1?mchid=1')).toBe(403)
    expect(await ask('localhost', '/_emulator/settings')).toBe(200)
  })

  test('a name that is nobody’s reaches not even WeChat’s API', async () => {
    expect((await get('/v3/pay/transactions/id/1?mchid=1', 'Host: evil.example')).status).toBe(403)
  })
})

describe('A7: pages of other origins', () => {
  const JSON_TYPE = 'Content-Type: application/json'
  const control = () =>
    [
      [wechat.url, '/_emulator/reset'],
      [wechat.url, '/_emulator/clock'],
      [phone.url, '/restart'],
      [phone.url, '/clear'],
      [phone.url, '/network'],
      [phone.url, '/wechat/reset'],
      [phone.url, '/host/backend/checkout'],
      [phone.url, '/events'],
    ] as const
  const host = (url: string): string => `Host: 127.0.0.1:${portOf(url)}`

  test.each([
    ['Origin: http://evil.example'],
    ['Origin: null'],
    ['Origin: http://127.0.0.1:9'],
    ['Origin: http://localhost'],
    ['Origin: http://127.0.0.1'],
    ['Origin: file://'],
    ['Origin: chrome-extension://abcdef'],
    ['Origin: '],
    ['Sec-Fetch-Site: cross-site'],
    ['Sec-Fetch-Site: same-site'],
    ['Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document'],
    ['Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors'],
    ['Sec-Fetch-Site: same-origin\r\nOrigin: http://evil.example'],
    ['Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site'],
    ['Sec-Fetch-Site: whatever'],
  ])('%j may not change anything', async (headers) => {
    for (const [url, path] of control()) {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const lines = [`${method} ${path} HTTP/1.1`, host(url), headers, JSON_TYPE, 'Content-Length: 2']
        const answer = await raw(url, lines, '{}')
        expect(answer.status, `${method} ${path}`).toBe(403)
        expect(answer.text).not.toMatch(/access-control-/i)
      }
    }
    expect(restarts).toBe(0)
    expect(shopSaw).toEqual([])
  })

  test('an origin of another scheme is foreign, even with our own host and port', async () => {
    for (const [url, path] of control()) {
      for (const scheme of ['ftp', 'ws', 'file', 'chrome-extension']) {
        const origin = `Origin: ${scheme}://127.0.0.1:${portOf(url)}`
        expect((await rawPost(url, path, [host(url), origin, JSON_TYPE])).status, `${scheme} ${path}`).toBe(403)
      }
    }
  })

  test('not even through WeChat’s API', async () => {
    for (const path of ['/v3/pay/transactions/jsapi', '/pay/unifiedorder', '/cgi-bin/stable_token'])
      expect((await rawPost(wechat.url, path, [host(wechat.url), 'Origin: http://evil.example'])).status).toBe(403)
  })

  test('a picture, a script, a frame of another site reads nothing; a link that is followed opens the page', async () => {
    for (const [url, path] of [
      [wechat.url, '/_emulator/settings'],
      [phone.url, '/wechat/settings'],
      [phone.url, '/'],
    ] as const) {
      const from = async (...headers: string[]) => (await raw(url, [`GET ${path} HTTP/1.1`, host(url), ...headers])).status
      expect(await from('Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image')).toBe(403)
      expect(await from('Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: cors', 'Origin: http://127.0.0.1:9')).toBe(403)
      expect(await from('Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe')).toBe(403)
      expect(await from('Origin: http://evil.example')).toBe(403)
      expect(await from('Sec-Fetch-Site: cross-site', 'Sec-Fetch-Dest: document')).toBe(403)
      expect(await from('Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document')).toBe(200)
      expect(await from('Sec-Fetch-Site: none', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document')).toBe(200)
      expect(await from('Sec-Fetch-Site: same-origin', 'Sec-Fetch-Mode: cors')).toBe(200)
    }
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/json',
    'text/plain; application/json',
    'application/json, text/plain',
    '',
  ])('control routes refuse content-type %j', async (type) => {
    for (const [url, path] of control().slice(0, 6)) {
      const answer = await rawPost(url, path, [host(url), `Content-Type: ${type}`])
      expect(answer.status, path).toBe(415)
    }
    expect(restarts).toBe(0)
  })

  test('control routes refuse a body without type, two types, and a chunked body without type', async () => {
    for (const headers of [[], [JSON_TYPE, 'Content-Type: text/plain']])
      expect((await rawPost(wechat.url, '/_emulator/reset', [host(wechat.url), ...headers])).status).toBe(415)
    const lines = ['POST /_emulator/reset HTTP/1.1', host(wechat.url), 'Transfer-Encoding: chunked']
    expect((await raw(wechat.url, lines, '2\r\n{}\r\n0\r\n\r\n')).status).toBe(415)
  })

  test('a path that only begins as the program’s own does not let another type through', async () => {
    for (const path of [
      '/host/../restart',
      '/host/backend/../../restart',
      '/host/%2e%2e/clear',
      '/host/..%2frestart',
      '/v3/../_emulator/reset',
    ]) {
      for (const url of [phone.url, wechat.url])
        expect([403, 404, 415], path).toContain((await rawPost(url, path, [host(url), 'Content-Type: text/plain'])).status)
    }
    expect(restarts).toBe(0)
  })

  test('our own pages and programs without a browser are served', async () => {
    const own = (url: string) => [`Origin: ${url}`, 'Sec-Fetch-Site: same-origin', 'Sec-Fetch-Mode: cors']
    for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON']) {
      expect((await rawPost(wechat.url, '/_emulator/reset', [host(wechat.url), ...own(wechat.url), `Content-Type: ${type}`])).status).toBe(
        200,
      )
      expect((await rawPost(phone.url, '/clear', [host(phone.url), ...own(phone.url), `Content-Type: ${type}`])).status).toBe(200)
    }
    // Without a body, as curl -X POST sends it.
    expect((await raw(wechat.url, ['POST /_emulator/reset HTTP/1.1', host(wechat.url)])).status).toBe(200)
    expect((await rawPost(wechat.url, '/_emulator/reset', [host(wechat.url)], '')).status).toBe(200)
    // What goes to the shop has the shop's types.
    expect((await rawPost(phone.url, '/host/backend/form', [host(phone.url), 'Content-Type: text/plain'])).status).toBe(200)
    expect(shopSaw).toEqual(['POST /form text/plain'])
    expect((await rawPost(phone.url, '/restart', [host(phone.url), JSON_TYPE])).status).toBe(200)
    expect(restarts).toBe(1)
  })

  test('nothing changes on GET', async () => {
    for (const [url, path] of control().filter(([, path]) => !path.startsWith('/host/'))) {
      const before = restarts
      for (const method of ['GET', 'HEAD']) {
        const { status } = await raw(url, [`${method} ${path} HTTP/1.1`, host(url)])
        // The clock may be read.
        expect(path === '/_emulator/clock' ? 200 : 404, `${method} ${path}`).toBe(status)
      }
      expect(restarts).toBe(before)
    }
  })

  test('a refusal says what to do, in English and Chinese, and allows no origin', async () => {
    const answer = await get('/_emulator/settings', 'Host: evil.example', 'Origin: http://evil.example')
    expect(answer.text).toContain('"code":"HOST_FOREIGN"')
    expect(answer.text).toContain('--allow-host')
    expect(answer.text).toContain('本机')
    expect(answer.text).not.toMatch(/access-control-/i)
  })
})
