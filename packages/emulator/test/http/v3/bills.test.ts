// Bills: when there is one, what its file looks like, and who may fetch it, signed over its path (v3-endpoints §5, v3-protocol §2, bills §2, bills §3, bills §4).

import { createDecipheriv, createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { openSensitive, parseTradeBill, privateKey } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { type Answer, aWorld, HOURS, type Merchant, MINUTES, pay, payPartner, refund, type World } from '../../world.ts'

const DAYS = 24 * HOURS
const apply = ({ shop }: World, query: string, kind = 'bill/tradebill') => shop.call('GET', `/v3/${kind}?${query}`)
const pathOf = ({ body }: Answer) => String(body['download_url']).slice('http://wechat.test'.length)

/** The file as bytes; a text would lose the byte order mark. */
async function file(world: World, merchant: Merchant, query: string): Promise<Buffer> {
  const fetched = await merchant.download(pathOf(await apply(world, query)))
  return Buffer.from(await fetched.arrayBuffer())
}

/** The next day at 10:00 in Beijing: START is 10:00. */
async function nextDay(world: World): Promise<void> {
  await world.clock.advance(DAYS)
}

test('§5.3 the file byte for byte: BOM, CRLF, backticks, yuan, summary of floats, newest first', async () => {
  const world = await aWorld()
  await pay(world, { attach: 'a,b c' })
  await world.clock.advance(MINUTES)
  await refund(world)
  await nextDay(world)
  const [payment, refunded] = world.emulator.truth().ledger
  const { appid, mchid, users } = world.emulator.settings
  if (payment?.kind !== 'payment' || refunded?.kind !== 'refund') throw new Error('not what was booked')
  const head = (time: string, state: string, total: string) => [
    `2026-11-24 ${time}`,
    appid,
    mchid,
    '0',
    '',
    payment.transaction_id,
    'order-0001',
    users[0]?.openid,
    'JSAPI',
    state,
    'OTHERS',
    'CNY',
    total,
  ]
  const row = (cells: unknown[]) => cells.map((cell) => `\`${cell}`).join(',')
  expect((await file(world, world.shop, 'bill_date=2026-11-24')).toString('utf8')).toBe(
    `\ufeff${[
      '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
      row([...head('10:01:00', 'REFUND', '0.00'), '0.00', refunded.refund_id, 'refund-1', '1.00', '0.00', 'ORIGINAL', 'SUCCESS']) +
        `,${row(['一杯咖啡', 'a\\ b c', '-0.01000', '0.60%', '0.00', '1.00', ''])}`,
      row([...head('10:00:00', 'SUCCESS', '1.00'), '0.00', '0', '0', '0.00', '0.00', '', '']) +
        `,${row(['一杯咖啡', 'a\\ b c', '0.01000', '0.60%', '1.00', '0.00', ''])}`,
      '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
      row(['2.0', '1.0', '1.0', '0.0', '0.0', '1.0', '1.0']),
    ].join('\r\n')}\r\n`,
  )
})

test('§5.2 the hash is that of the uncompressed file, the file is gzip where asked, and the answer is unsigned', async () => {
  const world = await aWorld()
  await pay(world)
  await nextDay(world)
  const answer = world.shop.verified(await apply(world, 'bill_date=2026-11-24&tar_type=GZIP'))
  expect(answer.body).toMatchObject({ hash_type: 'SHA1', download_url: expect.stringMatching(/\?token=[0-9a-f]{64}&tartype=gzip$/) })
  const fetched = await world.shop.download(pathOf(answer))
  expect([...fetched.headers.keys()].filter((name) => name.startsWith('wechatpay'))).toEqual([])
  const text = gunzipSync(Buffer.from(await fetched.arrayBuffer()))
  expect(createHash('sha1').update(text).digest('hex')).toBe(answer.body['hash_value'])
  expect(text.equals(await file(world, world.shop, 'bill_date=2026-11-24'))).toBe(true)
})

test('§5.3 SUCCESS has payments without refund columns, REFUND has refunds with their times', async () => {
  const world = await aWorld()
  await pay(world)
  await refund(world)
  await nextDay(world)
  const success = (await file(world, world.shop, 'bill_date=2026-11-24&bill_type=SUCCESS')).toString('utf8')
  expect(success).not.toMatch(/退款单号|退款状态|申请退款金额,费率备注/)
  expect(parseTradeBill(success).rows).toMatchObject([{ trade_state: 'SUCCESS' }])
  const refunds = parseTradeBill((await file(world, world.shop, 'bill_date=2026-11-24&bill_type=REFUND')).toString('utf8'))
  expect(refunds.rows).toMatchObject([
    { trade_state: 'REFUND', more: { 退款申请时间: '2026-11-24 10:00:00', 退款成功时间: '2026-11-24 10:00:03' } },
  ])
})

test.each([
  ['sentinel:CLOSED', 'FAIL'],
  ['sentinel:ABNORMAL', 'CHANGE'],
])('a refund with %s is %s in the bill', async (reason, refund_status) => {
  const world = await aWorld()
  await pay(world)
  await refund(world, { reason })
  await nextDay(world)
  const bill = parseTradeBill((await file(world, world.shop, 'bill_date=2026-11-24&bill_type=REFUND')).toString('utf8'))
  expect(bill.rows).toMatchObject([{ refund_status }])
})

test('a refund that is under way when the bill is made is PROCESSING in it', async () => {
  const world = await aWorld({ behaviour: { refund_delay_ms: 10 * DAYS } })
  await pay(world)
  await refund(world)
  await nextDay(world)
  const bill = parseTradeBill((await file(world, world.shop, 'bill_date=2026-11-24')).toString('utf8'))
  expect(bill.rows[0]).toMatchObject({ refund_status: 'PROCESSING' })
})

test('§5.1 yesterday’s bill is made from 09:00 and there from 10:00', async () => {
  const world = await aWorld()
  await pay(world)
  const missing = { status: 400, body: { code: 'NO_STATEMENT_EXIST', message: '账单文件不存在' } }
  await world.clock.advance(23 * HOURS - 1)
  expect(await apply(world, 'bill_date=2026-11-24')).toMatchObject(missing)
  await world.clock.advance(1)
  expect(await apply(world, 'bill_date=2026-11-24')).toMatchObject({
    status: 400,
    body: { code: 'STATEMENT_CREATING', message: '账单生成中' },
  })
  await world.clock.advance(HOURS)
  expect(await apply(world, 'bill_date=2026-11-24')).toMatchObject({ status: 200 })
  expect(await apply(world, 'bill_date=2026-11-23')).toMatchObject(missing)
})

test.each([
  ['2026-11-24', '必须早于当天'],
  ['2026-12-01', '必须早于当天'],
  ['2026-08-23', '仅支持三个月内的账单'],
  ['2026-02-30', '不是合法的日期'],
])('§5.1 there is no bill of %s', async (bill_date, issue) => {
  const world = await aWorld()
  expect(await apply(world, `bill_date=${bill_date}`)).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: `输入源“/query/bill_date”映射到值字段“账单日期”字符串规则校验失败，${issue}` },
  })
})

test('§5.2 a file is its merchant’s alone, and for five minutes', async () => {
  const world = await aWorld()
  await pay(world)
  await nextDay(world)
  const path = pathOf(await apply(world, 'bill_date=2026-11-24'))
  const denied = { status: 403, body: { code: 'NO_AUTH', message: '无权限下载该账单，或下载地址已过期' } }
  expect(await world.provider.call('GET', path)).toMatchObject(denied)
  expect(await world.shop.call('GET', '/v3/billdownload/file?token=0')).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '账单下载地址无效，请重新申请' },
  })
  expect((await world.shop.download(path)).status).toBe(200)
  await world.clock.advance(5 * MINUTES)
  expect(await world.shop.call('GET', path)).toMatchObject(denied)
})

test('a provider’s bill has all its sub-merchants, or one; its own account has no part in it', async () => {
  const world = await aWorld()
  const { sub_mchid } = world.emulator.settings.sp
  await payPartner(world)
  await nextDay(world)
  const get = (query: string) => world.provider.call('GET', `/v3/bill/${query}`)
  for (const query of ['tradebill?bill_date=2026-11-24', `tradebill?bill_date=2026-11-24&sub_mchid=${sub_mchid}`]) {
    const fetched = await world.provider.download(pathOf(await get(query)))
    expect(parseTradeBill(await fetched.text()).rows).toMatchObject([{ sub_mchid, out_trade_no: 'partner-0001' }])
  }
  expect(await get('tradebill?bill_date=2026-11-24&sub_mchid=1900000009')).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '受理关系不存在' },
  })
  expect(await get('fundflowbill?bill_date=2026-11-24')).toMatchObject({ status: 400, body: { code: 'NO_STATEMENT_EXIST' } })
})

test('the accounts OPERATION and FEES have bills of their own, or none', async () => {
  const world = await aWorld()
  await pay(world)
  await nextDay(world)
  for (const account of ['OPERATION', 'FEES']) {
    expect(await apply(world, `bill_date=2026-11-24&account_type=${account}`, 'bill/fundflowbill')).toMatchObject({
      status: 400,
      body: { code: 'NO_STATEMENT_EXIST', message: '账单文件不存在' },
    })
  }
  expect(await apply(world, 'bill_date=2026-11-24', 'profitsharing/bills')).toMatchObject({ body: { code: 'NO_STATEMENT_EXIST' } })
})

test('§5.3 the fund-flow bill of a sub-merchant is sealed for its provider', async () => {
  const world = await aWorld()
  await payPartner(world)
  await nextDay(world)
  const { sub_mchid } = world.emulator.settings.sp
  const query = `sub_mchid=${sub_mchid}&bill_date=2026-11-24&account_type=BASIC&algorithm=AEAD_AES_256_GCM`
  const applied = await world.provider.call('GET', `/v3/bill/sub-merchant-fundflowbill?${query}`)
  expect(applied).toMatchObject({ status: 200, body: { download_bill_count: 1 } })
  const [bill] = applied.body['download_bill_list'] as Record<string, string>[]
  const fetched = await world.provider.download(String(bill?.['download_url']).slice('http://wechat.test'.length))
  const sealed = Buffer.from(await fetched.arrayBuffer())
  const key = openSensitive(privateKey(world.emulator.settings.sp.merchant_key), bill?.['encrypt_key'] ?? '')
  const decipher = createDecipheriv('aes-256-gcm', key, bill?.['nonce'] ?? '').setAuthTag(sealed.subarray(-16))
  const text = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  expect(createHash('sha1').update(text).digest('hex')).toBe(bill?.['hash_value'])
  expect(text.toString()).toContain('`交易')
  const refusal = async (changed: string) =>
    (await world.provider.call('GET', `/v3/bill/sub-merchant-fundflowbill?${changed}`)).body['code']
  expect(await refusal(query.replace(sub_mchid, '1900000009'))).toBe('INVALID_REQUEST')
  expect(await refusal(query.replace('AEAD_AES_256_GCM', 'SM4_GCM'))).toBe('INVALID_REQUEST')
  expect(await refusal(query.replace('BASIC', 'FEES'))).toBe('NO_STATEMENT_EXIST')
})
