// A client that is case-sensitive about header names, as the official Java SDK is: it reads the socket itself and verifies with node's crypto alone.
// It finishes a whole payment: order, pay, query, notification, refund, its notification, bill.

import { createDecipheriv, createHash, createSign, createVerify, X509Certificate } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeyKind, type RunningEmulator, startEmulator } from '../../src/index.ts'
import { JSAPI } from './calls.ts'
import { exact, exchange, type Line, parsed, type RawAnswer, signedLines } from './socket.ts'

let running: RunningEmulator
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
    socket.write('HTTP/1.1 204 No Content\r\n\r\n')
  })
})
let notify_url = ''

beforeAll(async () => {
  running = await startEmulator({ port: 0, tlsPort: 0, behaviour: { refund_delay_ms: 0 } })
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve))
  const address = merchant.address()
  notify_url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/told`
})
afterAll(async () => {
  await running.close()
  merchant.close()
})

async function control(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${running.url}/_emulator${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as Record<string, unknown>
}

/** The key with this serial, and none else: the client of a `public_key` merchant has no certificate, and the other way round. */
function keyOf(kind: KeyKind, serial: string): string {
  const { public_key, public_key_id, platform_cert, platform_serial } = running.emulator.settings
  if (kind !== 'certificate' && serial === public_key_id) return public_key
  if (kind !== 'public_key' && serial === platform_serial) {
    return new X509Certificate(platform_cert).publicKey.export({ type: 'spki', format: 'pem' }).toString()
  }
  throw new Error(`no key with the serial ${serial}`)
}

function verified<T extends Pick<RawAnswer, 'headers' | 'body'>>(kind: KeyKind, message: T): T {
  const lines = [exact(message, 'Wechatpay-Timestamp'), exact(message, 'Wechatpay-Nonce'), '']
  const signed = Buffer.concat([Buffer.from(lines.join('\n')), Buffer.from(message.body, 'latin1'), Buffer.from('\n')])
  const signature = exact(message, 'Wechatpay-Signature')
  const key = keyOf(kind, exact(message, 'Wechatpay-Serial'))
  if (!createVerify('RSA-SHA256').update(signed).verify(key, signature, 'base64')) throw new Error('not signed by WeChat')
  return message
}

function json({ body }: Pick<RawAnswer, 'body'>): Record<string, unknown> {
  return JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) as Record<string, unknown>
}

/** The newest notification, verified and opened. */
async function newest(kind: KeyKind): Promise<Record<string, unknown>> {
  await running.emulator.deliverDue()
  const { resource } = json(verified(kind, parsed(told.at(-1) ?? ''))) as {
    resource: Record<'ciphertext' | 'nonce' | 'associated_data', string>
  }
  const sealed = Buffer.from(resource.ciphertext, 'base64')
  const opener = createDecipheriv('aes-256-gcm', running.emulator.settings.api_v3_key, resource.nonce)
  opener.setAAD(Buffer.from(resource.associated_data)).setAuthTag(sealed.subarray(-16))
  const text = Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()]).toString('utf8')
  return JSON.parse(text) as Record<string, unknown>
}

test.each<[KeyKind, 'plain' | 'tls']>([
  ['public_key', 'plain'],
  ['public_key', 'tls'],
  ['certificate', 'plain'],
  ['both', 'tls'],
])('B1, B3: a client that reads names exactly finishes a payment: %s, %s', async (kind, over) => {
  const { settings } = running.emulator
  await control(`/merchants/${settings.mchid}/keys`, { keys: kind })
  const line: Line = over === 'plain' ? { url: running.url } : { url: running.tls?.url ?? '', ca: running.tls?.ca_cert }
  const call = async (method: string, target: string, given?: object): Promise<Record<string, unknown>> => {
    const body = given === undefined ? '' : JSON.stringify(given)
    const answer = verified(kind, await exchange(line, signedLines(settings, method, target, body), body))
    expect(answer.statusLine).toBe('HTTP/1.1 200 OK')
    return json(answer)
  }
  const { appid, mchid, users } = settings
  const openid = users[0]?.openid ?? ''
  const out_trade_no = `exact-${kind.replace('_', '')}-${over}`

  const order = { appid, mchid, description: '拿铁', out_trade_no, notify_url, amount: { total: 300 }, payer: { openid } }
  const { prepay_id } = await call('POST', JSAPI, order)
  const timeStamp = String(Math.floor(Date.now() / 1000))
  const message = `${appid}\n${timeStamp}\nexact\nprepay_id=${prepay_id}\n`
  const paySign = createSign('RSA-SHA256').update(message).sign(settings.merchant_key, 'base64')
  const sheet = { appId: appid, openid, timeStamp, nonceStr: 'exact', package: `prepay_id=${prepay_id}`, signType: 'RSA', paySign }
  expect(await control('/cashier', sheet)).toEqual({ errMsg: 'requestPayment:ok' })

  expect(await newest(kind)).toMatchObject({ out_trade_no, trade_state: 'SUCCESS', amount: { payer_total: 300 } })
  const paid = await call('GET', `/v3/pay/transactions/out-trade-no/${out_trade_no}?mchid=${mchid}`)
  expect(paid).toMatchObject({ trade_state: 'SUCCESS', payer: { openid } })

  const refund = { out_trade_no, out_refund_no: `${out_trade_no}-1`, notify_url, amount: { refund: 100, total: 300, currency: 'CNY' } }
  expect(await call('POST', '/v3/refund/domestic/refunds', refund)).toMatchObject({ status: 'PROCESSING' })
  expect(await newest(kind)).toMatchObject({ out_trade_no, refund_status: 'SUCCESS' })

  const { time } = await control('/clock', { to: 'bill' })
  const bill_date = new Date(Date.parse(String(time)) - 24 * 60 * 60 * 1000 + 8 * 60 * 60 * 1000).toISOString().slice(0, 10)
  await control('/clock', { now: Date.now() })
  const bill = await billOf(line, bill_date)
  expect(bill).toContain(`\`${out_trade_no}`)

  /** The bill can be had only on the next morning, so the client's clock goes with the emulator's. */
  async function billOf(at: Line, day: string): Promise<string> {
    await control('/clock', { to: 'bill' })
    const now = Number((await control('/clock', { advance_ms: 0 }))['now'])
    const answer = verified(kind, await exchange(at, signedLines(settings, 'GET', `/v3/bill/tradebill?bill_date=${day}`, '', [], now)))
    const { download_url, hash_value } = json(answer) as Record<'download_url' | 'hash_value', string>
    const { pathname, search } = new URL(download_url)
    const file = await exchange(at, signedLines(settings, 'GET', pathname + search, '', [], now))
    await control('/clock', { now: Date.now() })
    const bytes = Buffer.from(file.body, 'latin1')
    expect(exact(file, 'Wechatpay-Signature')).toBe('')
    expect(createHash('sha1').update(bytes).digest('hex')).toBe(hash_value)
    return bytes.toString('utf8')
  }
})

test('B3: a client of the wrong kind verifies nothing', async () => {
  const { settings } = running.emulator
  const target = `/v3/pay/transactions/out-trade-no/exact-nothing?mchid=${settings.mchid}`
  await control(`/merchants/${settings.mchid}/keys`, { keys: 'certificate' })
  const answer = await exchange({ url: running.url }, signedLines(settings, 'GET', target))
  expect(() => verified('public_key', answer)).toThrow('no key with the serial')
  await control(`/merchants/${settings.mchid}/keys`, { keys: 'public_key' })
  const other = await exchange({ url: running.url }, signedLines(settings, 'GET', target))
  expect(() => verified('certificate', other)).toThrow('no key with the serial')
})
