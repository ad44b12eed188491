// Bills: applied for under signature, downloaded unsigned, believed only when the hash is the announced one.

import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { virtualClock } from '@cashdesk/emulator'
import type { BillAnswer } from '@cashdesk/protocol/spec'
import { expect, test } from 'vitest'
import { createWechatPay, type WechatPay } from '../src/index.ts'
import { scripted } from './scripted.ts'
import { NOW } from './wechat.ts'

const CSV = `\ufeff${[
  '交易时间,公众账号ID,商户号,特约商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,手续费,费率,订单金额,申请退款金额',
  '`2026-11-23 10:00:00,`wx1,`1900000001,`0,`4200,`ORDER-1,`o,`JSAPI,`SUCCESS,`CNY,`28.00,`0.00,`0,`0,`0.00,`0.00,`,`,`0.17000,`0.60%,`28.00,`0.00',
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
  '`1.0,`28.0,`0.0,`0.0,`0.17,`28.0,`0.0',
].join('\r\n')}\r\n`
const sha1 = (text: string | Buffer): string => createHash('sha1').update(text).digest('hex')

/** A client whose applications are answered by a scripted WeChat, and whose downloads by `file`. */
async function withFile(file: () => Response, hash_value = sha1(CSV)): Promise<{ client: WechatPay; downloads: string[] }> {
  const downloads: string[] = []
  const world = await scripted(() => ({
    json: { hash_type: 'SHA1', hash_value, download_url: 'https://api.mch.weixin.qq.com/v3/billdownload/file?token=abc%2Fd&tartype=gzip' },
  }))
  const { emulatorKeys, fetch } = world
  const client = createWechatPay({
    mchid: '1900000001',
    signer: { serial_no: emulatorKeys.merchant_serial, privateKey: emulatorKeys.merchant_key },
    apiV3Key: emulatorKeys.api_v3_key,
    publicKeys: { [emulatorKeys.public_key_id]: emulatorKeys.public_key },
    clock: virtualClock(NOW),
    retries: 0,
    fetch(request) {
      const { pathname, search } = new URL(request.url)
      if (pathname !== '/v3/billdownload/file') return fetch(request)
      downloads.push(`${request.headers.get('authorization')?.split(' ')[0]} ${pathname}${search}`)
      return Promise.resolve(file())
    },
  })
  return { client, downloads }
}

const query = { bill_date: '2026-11-23' }

test.each([
  ['plain', () => new Response(CSV)],
  ['gzip', () => new Response(gzipSync(CSV))],
])('%s: signed GET of exactly the announced address, hash over the uncompressed bytes', async (_, file) => {
  const { client, downloads } = await withFile(file)
  const bill = await client.bills.trade(query)
  expect(bill.rows).toMatchObject([{ transaction_id: '4200', total: 2800 }])
  expect(downloads).toEqual(['WECHATPAY2-SHA256-RSA2048 /v3/billdownload/file?token=abc%2Fd&tartype=gzip'])
  const chunks: Uint8Array[] = []
  for await (const chunk of client.bills.stream(await client.bills.applyTrade(query))) chunks.push(chunk)
  expect(Buffer.concat(chunks).toString()).toBe(CSV)
})

test.each([
  ['a changed fen', CSV.replaceAll('28.0', '82.0')],
  [
    'a missing row',
    CSV.split('\r\n')
      .filter((line) => !line.includes('4200'))
      .join('\r\n'),
  ],
])('I1: %s is not the bill that was announced', async (_, altered) => {
  const { client } = await withFile(() => new Response(altered))
  await expect(client.bills.trade(query)).rejects.toMatchObject({ code: 'ERR_BILL_HASH' })
  const reading = async () => {
    for await (const _chunk of client.bills.stream(await client.bills.applyTrade(query)));
  }
  await expect(reading()).rejects.toMatchObject({ code: 'ERR_BILL_HASH' })
})

test('I1: a bill whose hash is said to be of another kind is not compared with a SHA-1', async () => {
  const { client } = await withFile(() => new Response(CSV))
  const bill = { ...(await client.bills.applyTrade(query)), hash_type: 'MD5' } as unknown as BillAnswer
  await expect(client.bills.download(bill)).rejects.toMatchObject({ code: 'ERR_BILL_HASH', facts: { hash_type: 'MD5' } })
  const reading = async () => {
    for await (const _chunk of client.bills.stream(bill));
  }
  await expect(reading()).rejects.toMatchObject({ code: 'ERR_BILL_HASH' })
})

test('I1: a truncated gzip is an error, not a short bill', async () => {
  const { client } = await withFile(() => new Response(gzipSync(CSV).subarray(0, 40)))
  await expect(client.bills.trade(query)).rejects.toMatchObject({ code: 'ERR_BILL_FORMAT' })
})

test('an address that has expired is a refusal that proves nothing about the bill', async () => {
  const { client } = await withFile(() => new Response('{"code":"NO_AUTH","message":"无权限"}', { status: 403 }))
  await expect(client.bills.trade(query)).rejects.toMatchObject({ refusal: { status: 403, signed: false } })
})

test('no bill, and a bill not ready, are told apart', async () => {
  const none = await scripted(() => ({ status: 400, json: { code: 'NO_STATEMENT_EXIST', message: '账单文件不存在' } }))
  await expect(none.client.bills.trade(query)).rejects.toMatchObject({ refusal: { code: 'NO_STATEMENT_EXIST', signed: true } })
})

test('A10: other work goes on while a bill of 64 MB is unpacked', async () => {
  const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024))
  const { client } = await withFile(() => new Response(packed))
  let turns = 0
  let unpacking = true
  const turn = (): void => {
    turns++
    if (unpacking) setImmediate(turn)
  }
  setImmediate(turn)
  await expect(client.bills.trade(query)).rejects.toMatchObject({ code: 'ERR_BILL_HASH' })
  unpacking = false
  // Unpacked in one piece there are a dozen turns, all before and after.
  expect(turns).toBeGreaterThan(150)
})
