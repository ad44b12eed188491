// Bills in v2: text, or gzip, or a refusal in XML.

import { gzipSync } from 'node:zlib'
import { formatBillTable } from '@cashdesk/protocol'
import { formatFields } from '@cashdesk/protocol/v2'
import { expect, test } from 'vitest'
import { aWechatV2, errorOf } from './wechat-v2.ts'

const table = {
  columns: ['交易时间', '商户订单号', '订单金额', '商品名称'],
  rows: [
    { 交易时间: '2026-11-23 10:00:00', 商户订单号: 'ORDER-0001', 订单金额: '28.00', 商品名称: '拿铁' },
    { 交易时间: '2026-11-23 10:00:01', 商户订单号: 'ORDER-0002', 订单金额: '0.01', 商品名称: '<糖>' },
  ],
  summary: { 总交易单数: '2', 订单总金额: '28.01' },
}
const text = formatBillTable(table)

test('a bill', async () => {
  const { client, seen } = aWechatV2({ answers: { '/pay/downloadbill': () => text } })
  const bill = await client.downloadBill({ bill_date: '20261123' })
  expect(bill.table).toEqual(table)
  expect(seen[0]?.fields).toMatchObject({ bill_date: '20261123', bill_type: 'ALL' })
})

test('packed', async () => {
  const { client } = aWechatV2({ answers: {}, network: async () => new Response(gzipSync(text)) })
  expect((await client.downloadBill({ bill_date: '20261123', tar_type: 'GZIP' })).table).toEqual(table)
})

test('no bill yet is a refusal in XML, which nothing signs', async () => {
  const xml = formatFields({ return_code: 'FAIL', return_msg: 'No Bill Exist', error_code: '20002' })
  const { client } = aWechatV2({ answers: { '/pay/downloadbill': () => xml } })
  expect(await errorOf(client.downloadBill({ bill_date: '20261123' }))).toMatchObject({
    refusal: { code: '20002', message: 'No Bill Exist', signed: false },
  })
})

test.each([
  ['HTML', '<html><body>502</body></html>'],
  ['half a bill', text.slice(0, 40)],
  ['nothing', ''],
  ['a broken archive', '\u001f\u008b'],
])('%s is no bill', async (_, body) => {
  const { client } = aWechatV2({ answers: {}, network: async () => new Response(Buffer.from(body, 'latin1')) })
  expect(await errorOf(client.downloadBill({ bill_date: '20261123' }))).toMatchObject({ code: 'ERR_ANSWER_UNTRUSTED' })
})

test('a bill that is not UTF-8 is no bill: its characters would be others', async () => {
  const [before, after] = text.split('拿铁')
  const gbk = Buffer.concat([Buffer.from(before ?? ''), Buffer.from([0xc4, 0xc3]), Buffer.from(after ?? '')])
  const { client } = aWechatV2({ answers: {}, network: async () => new Response(gbk) })
  expect(await errorOf(client.downloadBill({ bill_date: '20261123' }))).toMatchObject({
    code: 'ERR_ANSWER_UNTRUSTED',
    cause: { facts: { line: 2, problem: 'not UTF-8: perhaps GBK' } },
  })
})

test('the fund flow bill is signed with HMAC-SHA256 even by a merchant of MD5, and needs the certificate', async () => {
  const answers = { '/pay/downloadfundflow': () => text }
  const { client, seen } = aWechatV2({ signType: 'MD5', answers })
  expect((await client.downloadFundFlow({ bill_date: '20261123', account_type: 'Basic' })).table).toEqual(table)
  expect(seen[0]?.fields).toMatchObject({ sign_type: 'HMAC-SHA256', account_type: 'Basic' })
  const bare = aWechatV2({ answers, mutualFetch: undefined })
  expect(await errorOf(bare.client.downloadFundFlow({ bill_date: '20261123', account_type: 'Basic' }))).toBeInstanceOf(TypeError)
})
