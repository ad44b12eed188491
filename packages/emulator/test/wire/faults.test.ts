// B2: every fault of the catalogue, as bytes on a socket: v3, v2 and api.weixin.qq.com, plain and over TLS. A fault without a row here does not compile.

import { createHash, createVerify } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { FAULTS, type FaultName, type RunningEmulator, startEmulator } from '../../src/index.ts'
import { JSAPI } from './calls.ts'
import { exact, exchange, type Line, parsed, type RawAnswer, signedLines } from './socket.ts'

type Host = 'v3' | 'v2' | 'api.weixin.qq.com'

let running: RunningEmulator
let lines: Record<'plain' | 'tls', Line>
const told: string[] = []
const merchant = createServer((socket: Socket) => {
  let bytes = ''
  socket.setEncoding('latin1')
  socket.on('error', () => undefined)
  socket.on('data', (chunk: string) => {
    bytes += chunk
    const request = parsed(bytes)
    if (request.body.length < Number(exact(request, 'Content-Length') || Number.POSITIVE_INFINITY)) return
    told.push(bytes)
    bytes = ''
    // v2 wants the word as well, v3 only the status.
    const ok = '<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>'
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${ok.length}\r\n\r\n${ok}`)
  })
})

beforeAll(async () => {
  running = await startEmulator({ port: 0, tlsPort: 0 })
  lines = { plain: { url: running.url }, tls: { url: running.tls?.url ?? '', ca: running.tls?.ca_cert } }
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await running.close()
  merchant.close()
})
beforeEach(() => running.emulator.faults.reset())

const PATHS = { v3: JSAPI, v2: '/pay/orderquery', 'api.weixin.qq.com': '/cgi-bin/token' } as const

/** The fields as v2's XML, signed with MD5 by node's crypto alone. */
function v2Xml(fields: Readonly<Record<string, string>>): string {
  const { mchid, appid } = running.emulator.settings
  const all: Record<string, string> = { appid, mch_id: mchid, nonce_str: 'raw', ...fields }
  return `<xml>${Object.entries({ ...all, sign: v2Sign(all) })
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</xml>`
}

function v2Sign(fields: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(fields)
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .sort()
  const message = [...pairs, `key=${running.emulator.settings.api_v2_key}`].join('&')
  return createHash('md5').update(message).digest('hex').toUpperCase()
}

/** Whether a message of v2 is signed by the APIv2 key. */
function isV2Signed({ body }: Pick<RawAnswer, 'body'>): boolean {
  const text = Buffer.from(body, 'latin1').toString('utf8')
  const found = [...text.matchAll(/<(\w+)>(?:<!\[CDATA\[)?([^<\]]*)(?:\]\]>)?<\/\1>/g)].map(([, name = '', value = '']) => [name, value])
  const fields = Object.fromEntries(found) as Record<string, string>
  return fields['sign'] !== undefined && fields['sign'] === v2Sign(fields)
}

/** One call of each host. That of v2 is refused, as the order does not exist: an answer like any other. */
async function call(host: Host, line: Line, out_trade_no = 'fault-0001'): Promise<RawAnswer> {
  const { appid, app_secret, mchid, users } = running.emulator.settings
  if (host === 'v2') return exchange(line, ['POST /pay/orderquery HTTP/1.1', 'Content-Type: text/xml'], v2Xml({ out_trade_no }))
  if (host === 'api.weixin.qq.com') {
    return exchange(line, [`GET /cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${app_secret} HTTP/1.1`])
  }
  const notify_url = notifyUrl(out_trade_no)
  const order = { appid, mchid, description: '拿铁', out_trade_no, notify_url, amount: { total: 100 }, payer: { openid: users[0]?.openid } }
  const body = JSON.stringify(order)
  return exchange(line, signedLines(running.emulator.settings, 'POST', JSAPI, body), body)
}

function notifyUrl(path: string): string {
  const address = merchant.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/${path}`
}

/** Whether the answer is signed by the public key over exactly its body, by node's crypto alone. */
function isSigned(answer: Pick<RawAnswer, 'headers' | 'body'>, body = Buffer.from(answer.body, 'latin1')): boolean {
  const message = Buffer.concat([
    Buffer.from(`${exact(answer, 'Wechatpay-Timestamp')}\n${exact(answer, 'Wechatpay-Nonce')}\n`),
    body,
    Buffer.from('\n'),
  ])
  const signature = exact(answer, 'Wechatpay-Signature')
  return createVerify('RSA-SHA256').update(message).verify(running.emulator.settings.public_key, signature, 'base64')
}

/** Seconds between the time in the signature and now. */
function age(answer: Pick<RawAnswer, 'headers'>, now = Date.now()): number {
  return Math.round(now / 1000 - Number(exact(answer, 'Wechatpay-Timestamp')))
}

function whole(answer: RawAnswer): void {
  expect(answer.statusLine).toMatch(/^HTTP\/1\.1 \d{3} /)
  expect(exact(answer, 'Content-Length')).toBe(String(answer.body.length))
}

/** The faults that are about the signature of v3: other hosts do not have them, so they stay armed there. */
type Proof = (answer: RawAnswer, host: Host) => void
interface Row {
  hosts: readonly Host[]
  proof: Proof
}
const EVERY: readonly Host[] = ['v3', 'v2', 'api.weixin.qq.com']
const ONLY_V3: readonly Host[] = ['v3']
const SIGNED: readonly Host[] = ['v3', 'v2']
const nothing: Proof = ({ bytes }) => expect(bytes).toBe('')

type AnswerFault = Exclude<FaultName, `notification.${string}`>

const ROWS: Readonly<Record<AnswerFault, Row>> = {
  'request.lost': { hosts: EVERY, proof: nothing },
  'answer.lost': { hosts: EVERY, proof: nothing },
  'answer.timeout': { hosts: EVERY, proof: nothing },
  'answer.http_500': {
    hosts: EVERY,
    proof(answer, host) {
      whole(answer)
      expect(answer.statusLine).toBe(host === 'v3' ? 'HTTP/1.1 500 Internal Server Error' : 'HTTP/1.1 200 OK')
    },
  },
  'request.refused': {
    hosts: EVERY,
    proof(answer, host) {
      whole(answer)
      expect(answer.body).toContain({ v3: 'SYSTEM_ERROR', v2: 'SYSTEMERROR', 'api.weixin.qq.com': '"errcode":-1' }[host])
    },
  },
  'answer.http_429': {
    hosts: EVERY,
    proof(answer, host) {
      whole(answer)
      expect(answer.statusLine).toBe(host === 'v3' ? 'HTTP/1.1 429 Too Many Requests' : 'HTTP/1.1 200 OK')
    },
  },
  'answer.truncated': {
    hosts: EVERY,
    proof(answer) {
      const promised = Number(exact(answer, 'Content-Length'))
      expect(answer.statusLine).toMatch(/^HTTP\/1\.1 200 OK$/)
      expect(promised).toBeGreaterThan(10)
      expect(answer.body.length).toBe(Math.ceil(promised / 2))
    },
  },
  'answer.drip': { hosts: EVERY, proof: whole },
  'answer.unsigned': {
    hosts: SIGNED,
    proof(answer, host) {
      whole(answer)
      expect(answer.headers.filter(([name]) => /^wechatpay/i.test(name))).toEqual([])
      if (host === 'v2') expect(answer.body).not.toContain('<sign>')
    },
  },
  'answer.bad_signature': {
    hosts: SIGNED,
    proof: (answer, host) => expect(host === 'v2' ? isV2Signed(answer) : isSigned(answer)).toBe(false),
  },
  'answer.stale': {
    hosts: ONLY_V3,
    proof(answer) {
      expect([isSigned(answer), age(answer)]).toEqual([true, expect.closeTo(600, -1)])
    },
  },
  'answer.future': {
    hosts: ONLY_V3,
    proof(answer) {
      expect([isSigned(answer), age(answer)]).toEqual([true, expect.closeTo(-600, -1)])
    },
  },
  'answer.wrong_serial': {
    hosts: ONLY_V3,
    proof(answer) {
      expect(isSigned(answer)).toBe(true)
      expect(exact(answer, 'Wechatpay-Serial')).toMatch(/^[0-9A-F]{40}$/)
    },
  },
  'answer.probe': { hosts: ONLY_V3, proof: (answer) => expect(exact(answer, 'Wechatpay-Signature')).toMatch(/^WECHATPAY\/SIGNTEST\//) },
}

const SECONDS: Readonly<Partial<Record<FaultName, number>>> = { 'answer.timeout': 0, 'answer.drip': 0 }
for (const line of ['plain', 'tls'] as const) {
  for (const [name, { hosts, proof }] of Object.entries(ROWS)) {
    const fault = name as AnswerFault
    test.each(hosts)(`B2: ${fault} over %s, ${line}`, async (host) => {
      const seconds = SECONDS[fault]
      running.emulator.faults.add({ fault, match: { path: PATHS[host] }, ...(seconds !== undefined && { seconds }) })
      proof(await call(host, lines[line]), host)
      expect(running.emulator.faults.list()).toEqual([])
      const right = await call(host, lines[line])
      whole(right)
      if (host !== 'api.weixin.qq.com') expect(host === 'v2' ? isV2Signed(right) : isSigned(right)).toBe(true)
    })
  }
}

test('B2: the body that is cut off is the first half of the right one, signed over the whole', async () => {
  const right = await call('v3', lines.plain)
  running.emulator.faults.add({ fault: 'answer.truncated' })
  const cut = await call('v3', lines.plain)
  expect(right.body.startsWith(cut.body)).toBe(true)
  expect(isSigned(cut, Buffer.from(right.body, 'latin1'))).toBe(true)
})

type NotificationFault = Extract<FaultName, `notification.${string}`>
type Told = Pick<RawAnswer, 'headers' | 'body'>

/** What the merchant gets at once, and what it gets in the end. */
const TOLD: Readonly<Record<NotificationFault, (first: Told[], all: Told[]) => void>> = {
  'notification.lost': (first, all) => expect([first.length, all.map(isTrue)]).toEqual([0, [true]]),
  'notification.doubled': (first) => expect(first.map(isTrue)).toEqual([true, true]),
  'notification.delayed': (first, all) => expect([first.length, all.map(isTrue)]).toEqual([0, [true]]),
  'notification.disordered': (first, all) => expect([first.length, all.map(isTrue)]).toEqual([0, [true]]),
  'notification.forged': (first, all) =>
    expect([first.map(isTrue), all.at(-1) && isTrue(all[all.length - 1] as Told)]).toEqual([[false], true]),
  'notification.bad_signature': (first) => expect(first.map(isTrue)).toEqual([false]),
  'notification.probe'(first, all) {
    expect(first.map((one) => exact(one, 'Wechatpay-Signature').startsWith('WECHATPAY/SIGNTEST/'))).toEqual([true])
    expect(all.map(isTrue)).toEqual([false, true])
  },
  'notification.stale': (first) => expect(first.map((one) => [isTrue(one), age(one)])).toEqual([[true, expect.closeTo(600, -1)]]),
  'notification.future': (first) => expect(first.map((one) => [isTrue(one), age(one)])).toEqual([[true, expect.closeTo(-600, -1)]]),
  'notification.wrong_serial': (first) =>
    expect(first.map((one) => exact(one, 'Wechatpay-Serial'))).toEqual([expect.stringMatching(/^[0-9A-F]{40}$/)]),
  'notification.unsigned': (first) => expect(first[0]?.headers.filter(([name]) => /^wechatpay/i.test(name))).toEqual([]),
  'notification.altered': (first) => expect(first.map(isTrue)).toEqual([true]),
}

function isTrue(told: Told): boolean {
  return isSigned(told)
}

const control = (path: string, body: object): Promise<Response> =>
  fetch(`${running.url}/_emulator${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Pays with this fault armed; gives what the merchant got at once, and all that it got within two minutes. */
async function paidUnder(fault: NotificationFault, path: string, prepay_id: string): Promise<[first: Told[], all: Told[]]> {
  const { emulator } = running
  emulator.faults.add({ fault, match: { path: `/${path}` } })
  await control('/orders/pay', { prepay_id })
  await emulator.deliverDue()
  const mine = (): Told[] => told.filter((bytes) => bytes.startsWith(`POST /${path} `)).map((bytes) => parsed(bytes))
  const first = mine()
  await emulator.clock.advance(120_000)
  await emulator.clock.set(Date.now())
  expect(emulator.faults.list()).toEqual([])
  return [first, mine()]
}

test.each(Object.keys(TOLD) as NotificationFault[])('B2: %s over v3, as bytes at the merchant', async (fault) => {
  const out_trade_no = fault.replace('notification.', 'told-').replace('_', '-')
  const { body } = await call('v3', lines.plain, out_trade_no)
  TOLD[fault](...(await paidUnder(fault, out_trade_no, (JSON.parse(body) as { prepay_id: string }).prepay_id)))
})

/** Whether each message is signed. A v2 message has no time, no serial and no headers to spoil, so the other faults do not strike it. */
const TOLD_V2: Readonly<Partial<Record<NotificationFault, [first: boolean[], all: boolean[]]>>> = {
  'notification.lost': [[], [true]],
  'notification.doubled': [
    [true, true],
    [true, true],
  ],
  'notification.delayed': [[], [true]],
  'notification.disordered': [[], [true]],
  'notification.forged': [[false], [false, true]],
  'notification.bad_signature': [[false], [false]],
  'notification.altered': [[false], [false]],
}

test.each(Object.entries(TOLD_V2))('B2: %s over v2, as bytes at the merchant', async (name, [first, all]) => {
  const out_trade_no = `v2-${name.replace('notification.', '').replace('_', '-')}`
  const openid = running.emulator.settings.users[0]?.openid ?? ''
  const order = { body: 'latte', out_trade_no, total_fee: '100', spbill_create_ip: '127.0.0.1', trade_type: 'JSAPI', openid }
  const head = ['POST /pay/unifiedorder HTTP/1.1', 'Content-Type: text/xml']
  const answer = await exchange(lines.tls, head, v2Xml({ ...order, notify_url: notifyUrl(out_trade_no) }))
  const prepay_id = /<prepay_id>(?:<!\[CDATA\[)?([^<\]]+)/.exec(answer.body)?.[1] ?? ''
  const [gotFirst, gotAll] = await paidUnder(name as NotificationFault, out_trade_no, prepay_id)
  expect([gotFirst.map(isV2Signed), gotAll.map(isV2Signed)]).toEqual([first, all])
})

test('B2: the catalogue has no fault without a row', () => {
  expect([...Object.keys(ROWS), ...Object.keys(TOLD)].sort()).toEqual(Object.keys(FAULTS).sort())
})
