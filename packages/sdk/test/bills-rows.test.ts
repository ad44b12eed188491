// Bills as rows: batches from the emulator's own files, believed when the loop has ended; the sealed bill of a sub-merchant, opened.

import { createCipheriv, createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { generateKeys, virtualClock } from '@cashdesk/emulator'
import { sealSensitive, tradeBillReader } from '@cashdesk/protocol'
import type { BillAnswer } from '@cashdesk/protocol/spec'
import { beforeAll, describe, expect, test } from 'vitest'
import { type BillRows, createWechatPay, type WechatPay } from '../src/index.ts'
import { scripted } from './scripted.ts'
import { NOW } from './wechat.ts'

const HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,手续费,费率,订单金额,申请退款金额'
const SUMMARY = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'
const row = (i: number): string =>
  `\`2026-11-23 10:00:00,\`wx1,\`1900000001,\`0,\`42${i},\`ORDER-${i},\`o,\`JSAPI,\`SUCCESS,\`CNY,\`0.10,\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`0.00000,\`0.60%,\`0.10,\`0.00`
const COUNT = 5000
const file = (lines: string[], count = lines.length): Buffer =>
  Buffer.from(
    `\ufeff${[HEADER, ...lines, SUMMARY, `\`${count}.0,\`${count / 10},\`0.0,\`0.0,\`0.0,\`${count / 10},\`0.0`].join('\r\n')}\r\n`,
  )
const WHOLE = file(Array.from({ length: COUNT }, (_, i) => row(i)))
const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')
const query = { bill_date: '2026-11-23' }

/** A client whose applications are answered so, and whose downloads by `sent`, one after the other. */
async function clientOf(answer: object, ...sent: Uint8Array[]): Promise<{ client: WechatPay; applied: number[] }> {
  const applied: number[] = []
  const { emulatorKeys, fetch } = await scripted(() => {
    applied.push(Date.now())
    return { json: answer }
  })
  let downloads = 0
  const client = createWechatPay({
    mchid: '1900000001',
    signer: { serial_no: emulatorKeys.merchant_serial, privateKey: emulatorKeys.merchant_key },
    apiV3Key: emulatorKeys.api_v3_key,
    publicKeys: { [emulatorKeys.public_key_id]: emulatorKeys.public_key },
    clock: virtualClock(NOW),
    retries: 0,
    fetch: (request) => (request.url.includes('/file') ? Promise.resolve(new Response(sent[downloads++ % sent.length])) : fetch(request)),
  })
  return { client, applied }
}

const download_url = 'https://api.mch.weixin.qq.com/v3/billdownload/file?token=x'
const announced = (bytes: Uint8Array): BillAnswer => ({ hash_type: 'SHA1', hash_value: sha1(bytes), download_url })

async function read<Row>(bill: BillRows<Row, unknown>): Promise<{ rows: Row[]; batches: number }> {
  const rows: Row[] = []
  let batches = 0
  for await (const batch of bill) {
    batches++
    expect(bill.summary).toBeUndefined()
    rows.push(...batch)
  }
  return { rows, batches }
}

test.each([
  ['plain', WHOLE],
  ['gzip', gzipSync(WHOLE)],
])('PowerWeChat#7: a %s bill comes in batches, its hash is checked by itself, and each loop applies anew', async (_, sent) => {
  const { client, applied } = await clientOf(announced(WHOLE), sent)
  const bill = client.bills.tradeRows({ ...query, tar_type: 'GZIP' })
  const { rows, batches } = await read(bill)
  expect(rows).toHaveLength(COUNT)
  expect(rows.at(-1)).toMatchObject({ line: COUNT + 1, out_trade_no: `ORDER-${COUNT - 1}`, total: 10 })
  expect(batches).toBeGreaterThan(sent === WHOLE ? 0 : 5)
  expect(bill.summary).toMatchObject({ count: COUNT, total: COUNT * 10 })
  expect((await read(bill)).rows).toHaveLength(COUNT)
  expect(applied).toHaveLength(2)
})

describe('wechatpay-java#384, wechatpay-apache-httpclient#25: the hash is that of the unpacked file, and decides', () => {
  test('a file whose rows and sums agree, but which is not the announced one', async () => {
    const other = file([row(7)])
    const { client } = await clientOf(announced(WHOLE), gzipSync(other))
    const bill = client.bills.tradeRows(query)
    await expect(read(bill)).rejects.toMatchObject({ code: 'ERR_BILL_HASH' })
    expect(bill.summary).toBeUndefined()
  })

  test('a file that was altered so that it cannot be read is to be downloaded again', async () => {
    const altered = Buffer.from(WHOLE.toString().replace('`ORDER-4000,', '`ORDER-4000'))
    const { client } = await clientOf(announced(WHOLE), gzipSync(altered))
    await expect(read(client.bills.tradeRows(query))).rejects.toMatchObject({ code: 'ERR_BILL_HASH' })
  })

  test('a file that WeChat itself made so is refused with its line', async () => {
    const short = file([row(1), row(2)], 3)
    const { client } = await clientOf(announced(short), short)
    await expect(read(client.bills.tradeRows(query))).rejects.toMatchObject({ code: 'ERR_BILL_FORMAT', facts: { line: 5, counted: '2' } })
    await expect(client.bills.trade(query)).rejects.toMatchObject({ code: 'ERR_BILL_FORMAT', facts: { line: 5 } })
  })
})

test.each([
  ['of another day', { bill_date: '2026-11-22' }, 'outside the day 2026-11-22'],
  ['of another type', { ...query, bill_type: 'REFUND' as const }, 'a payment in a bill of refunds'],
])('a bill %s than asked for is refused, whole and as rows', async (_, asked, problem) => {
  const { client } = await clientOf(announced(WHOLE), WHOLE)
  await expect(read(client.bills.tradeRows(asked))).rejects.toMatchObject({ facts: { line: 2, problem } })
  await expect(client.bills.trade(asked)).rejects.toMatchObject({ facts: { line: 2, problem } })
})

test('a bill that was applied for is read with any reader; a loop that is left early ends the download', async () => {
  const { client } = await clientOf(announced(WHOLE), WHOLE, gzipSync(WHOLE))
  const bill = client.bills.read(await client.bills.applyTrade(query), tradeBillReader())
  expect((await read(bill)).rows).toHaveLength(COUNT)
  for await (const rows of client.bills.tradeRows(query)) {
    expect(rows.length).toBeGreaterThan(0)
    break
  }
})

describe('C4: the sealed bill of a sub-merchant', () => {
  const funds = (flows: string[]): Buffer =>
    Buffer.from(
      `\ufeff${['记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),业务凭证号', ...flows, '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额', `\`${flows.length}.0,\`${flows.length}.0,\`${flows.length}.0,\`0.0,\`0.0`].join('\r\n')}\r\n`,
    )
  const flow = (i: number): string => `\`2026-11-23 10:00:00,\`42${i},\`F${i},\`交易,\`交易,\`收入,\`1.00,\`${i}.00,\`ORDER-${i}`
  const FUNDS = funds(Array.from({ length: 2000 }, (_, i) => flow(i + 1)))
  const KEY = '0123456789abcdef0123456789abcdef'
  const sealed = (bytes: Uint8Array): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', KEY, 'abcdef012345')
    return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  }
  let certificate: KeyObject
  let other: KeyObject
  beforeAll(async () => {
    const { emulatorKeys } = await scripted(() => ({ json: {} }))
    certificate = createPublicKey(emulatorKeys.merchant_key)
    other = createPublicKey((await generateKeys()).partner.merchant_key)
  })
  const part = (bytes: Uint8Array, bill_sequence: number, to = certificate) => ({
    ...announced(bytes),
    bill_sequence,
    encrypt_key: sealSensitive(to, KEY),
    nonce: 'abcdef012345',
  })
  const flipped = (bytes: Buffer, at: number): Buffer => {
    bytes[at] = (bytes[at] as number) ^ 1
    return bytes
  }
  const asked = { sub_mchid: '1900000109', ...query, account_type: 'BASIC' as const }

  test.each([
    ['plain', (bytes: Uint8Array) => bytes],
    ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
  ])('%s: downloaded whole, streamed, and as rows', async (_, packed) => {
    const item = part(FUNDS, 1)
    const { client } = await clientOf({ download_bill_count: 1, download_bill_list: [item] }, sealed(packed(FUNDS)))
    expect((await client.bills.download(item)).equals(FUNDS)).toBe(true)
    const chunks: Uint8Array[] = []
    for await (const chunk of client.bills.stream(item)) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(FUNDS)).toBe(true)
    const bill = client.bills.subMerchantFundFlowRows(asked)
    expect((await read(bill)).rows).toHaveLength(2000)
    expect(bill.summary).toMatchObject({ in_count: 2000, in_amount: 200_000 })
  })

  test('in parts, cut within a row, which the answer lists in any order', async () => {
    const [first, second] = [FUNDS.subarray(0, 70_001), FUNDS.subarray(70_001)]
    const answer = { download_bill_count: 2, download_bill_list: [part(second, 2), part(first, 1)] }
    const { client } = await clientOf(answer, sealed(gzipSync(first)), sealed(gzipSync(second)))
    expect((await read(client.bills.subMerchantFundFlowRows(asked))).rows).toHaveLength(2000)
    const short = await clientOf({ ...answer, download_bill_list: [part(first, 1)] }, sealed(gzipSync(first)))
    await expect(read(short.client.bills.subMerchantFundFlowRows(asked))).rejects.toMatchObject({
      facts: { problem: 'a part of the bill is missing' },
    })
  })

  test.each([
    ['altered in its tag', (bytes: Buffer) => flipped(bytes, bytes.length - 1), 'ERR_DECRYPT'],
    ['altered in its middle', (bytes: Buffer) => flipped(bytes, 70_000), 'ERR_DECRYPT'],
    ['cut', (bytes: Buffer) => bytes.subarray(0, -20), 'ERR_DECRYPT'],
    ['shorter than a tag', (bytes: Buffer) => bytes.subarray(0, 5), 'ERR_DECRYPT'],
    ['of nothing', (bytes: Buffer) => bytes.subarray(0, 0), 'ERR_DECRYPT'],
  ])('a sealed file that was %s is refused', async (_, alter, code) => {
    const item = part(FUNDS, 1)
    const { client } = await clientOf({ download_bill_count: 1, download_bill_list: [item] }, alter(sealed(FUNDS)))
    await expect(client.bills.download(item)).rejects.toMatchObject({ code })
    await expect(read(client.bills.subMerchantFundFlowRows(asked))).rejects.toMatchObject({ code })
  })

  test('a key that was sealed for another certificate does not open', async () => {
    const item = part(FUNDS, 1, other)
    const { client } = await clientOf({ download_bill_count: 1, download_bill_list: [item] }, sealed(FUNDS))
    await expect(client.bills.download(item)).rejects.toMatchObject({ code: 'ERR_DECRYPT' })
    await expect(read(client.bills.subMerchantFundFlowRows(asked))).rejects.toMatchObject({ code: 'ERR_DECRYPT' })
  })
})
