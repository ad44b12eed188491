// Notifications: from raw bytes to a typed event, or a refusal with a code of its own.

import { apiV3Key, privateKey, sealNotification, signAnswer } from '@cashdesk/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import type { RawNotification, WechatPay } from '../src/index.ts'
import { aWechat, IDS, type Wechat } from './wechat.ts'

let wechat: Wechat
let client: WechatPay
beforeAll(async () => {
  wechat = await aWechat()
  client = wechat.client()
})

const paid = () => ({
  appid: wechat.emulator.settings.appid,
  mchid: wechat.emulator.settings.mchid,
  out_trade_no: 'ORDER-0001',
  transaction_id: '4200000001',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  success_time: '2026-11-24T10:00:00+08:00',
  payer: { openid: 'o' },
  amount: { total: 2800, payer_total: 2800, currency: 'CNY', payer_currency: 'CNY' },
})

interface Make {
  resource?: object
  event_type?: string
  original_type?: string
  key?: string
  at?: number
  edit?: (body: string) => string
}

async function notification(make: Make = {}): Promise<RawNotification> {
  const { direct } = wechat.emulator.keys
  const sealed = sealNotification(apiV3Key(make.key ?? direct.api_v3_key), {
    id: 'id-1',
    create_time: '2026-11-24T10:00:00+08:00',
    event_type: make.event_type ?? 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    original_type: make.original_type ?? 'transaction',
    resource: make.resource ?? paid(),
    nonce: 'abcdefghijkl',
  })
  const body = make.edit ? make.edit(sealed) : sealed
  const signer = { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) }
  const headers = await signAnswer(signer, body, make.at ?? wechat.clock.now(), 'nonce')
  return { headers: new Headers(headers), body: Buffer.from(body) }
}

test('a payment', async () => {
  const received = await client.receive(await notification())
  expect(received).toMatchObject({ kind: 'payment', envelope: { id: 'id-1' } })
  expect(received.kind === 'payment' && received.transaction).toEqual(paid())
})

describe('what WeChat uses the same words for is told apart by event_type and original_type', () => {
  const { mchid } = IDS
  test.each<[string, Make, object]>([
    [
      'a share',
      { original_type: 'profitsharing', resource: { mchid, transaction_id: '42', order_id: '3', out_order_no: 'S1' } },
      { kind: 'profit-sharing', share: { out_order_no: 'S1' } },
    ],
    [
      'a combined payment',
      { resource: { combine_appid: 'a', combine_mchid: mchid, combine_out_trade_no: 'C1', sub_orders: [] } },
      { kind: 'combine', transaction: { combine_out_trade_no: 'C1' } },
    ],
    [
      'a refund',
      {
        event_type: 'REFUND.ABNORMAL',
        original_type: 'refund',
        resource: { mchid, out_refund_no: 'R1', refund_id: '50', refund_status: 'ABNORMAL' },
      },
      { kind: 'refund', refund: { refund_status: 'ABNORMAL' } },
    ],
    [
      'a transfer',
      {
        event_type: 'MCHTRANSFER.BILL.FINISHED',
        original_type: 'mch_payment',
        resource: { mch_id: mchid, out_bill_no: 'T1', state: 'SUCCESS' },
      },
      { kind: 'transfer', transfer: { state: 'SUCCESS' } },
    ],
    [
      'a product of the future',
      { event_type: 'COUPON.USE', original_type: 'coupon', resource: { a: 1 } },
      { kind: 'other', resource: { a: 1 } },
    ],
    ['a failed transaction', { event_type: 'TRANSACTION.FAIL' }, { kind: 'other' }],
  ])('%s', async (_, make, expected) => {
    expect(await client.receive(await notification(make))).toMatchObject(expected)
  })

  test.each(['TRANSACTION.SUCCESS', 'REFUND.SUCCESS', 'MCHTRANSFER.BILL.FINISHED'])(
    '%s of another merchant is refused, whatever its kind',
    async (event_type) => {
      const kinds = {
        'TRANSACTION.SUCCESS': 'profitsharing',
        'REFUND.SUCCESS': 'refund',
        'MCHTRANSFER.BILL.FINISHED': 'mch_payment',
      } as Record<string, string>
      const text = {
        transaction_id: '4',
        out_order_no: 'o',
        out_refund_no: 'o',
        refund_id: 'o',
        refund_status: 'SUCCESS',
        out_bill_no: 'o',
        state: 'SUCCESS',
      }
      const foreign = await notification({ event_type, original_type: kinds[event_type] ?? '', resource: { ...text, mchid: '1999999999' } })
      await expect(client.receive(foreign)).rejects.toMatchObject({ code: 'ERR_MESSAGE_TENANT' })
    },
  )
})

describe('refused, each with its own code', () => {
  test.each<[string, Make, string]>([
    ['stale', { at: -301_000 }, 'ERR_TIMESTAMP_WINDOW'],
    ['from the future', { at: 301_000 }, 'ERR_TIMESTAMP_WINDOW'],
    ['sealed with another APIv3 key', { key: 'x'.repeat(32) }, 'ERR_DECRYPT'],
    ['not JSON', { edit: () => 'hello' }, 'ERR_MESSAGE_SHAPE'],
    ['without resource', { edit: () => '{"id":"1"}' }, 'ERR_MESSAGE_SHAPE'],
    ['a list', { edit: () => '[]' }, 'ERR_MESSAGE_SHAPE'],
    ['null', { edit: () => 'null' }, 'ERR_MESSAGE_SHAPE'],
    [
      'for another merchant',
      { resource: { mchid: '1999999999', out_trade_no: 'O', trade_state: 'SUCCESS', transaction_id: '4', amount: { total: 1 } } },
      'ERR_MESSAGE_TENANT',
    ],
    [
      'paid without amount',
      { resource: { mchid: '1', out_trade_no: 'O', trade_state: 'SUCCESS', transaction_id: '4' } },
      'ERR_MESSAGE_SHAPE',
    ],
    [
      'paid with text for an amount',
      { resource: { mchid: '1', out_trade_no: 'O', trade_state: 'SUCCESS', transaction_id: '4', amount: { total: '1' } } },
      'ERR_MESSAGE_SHAPE',
    ],
    ['with SM4', { edit: (body) => body.replace('AEAD_AES_256_GCM', 'AEAD_SM4_GCM') }, 'ERR_CIPHER_UNSUPPORTED'],
    ['larger than 64 KiB', { edit: (body) => body.padEnd(65_537) }, 'ERR_MESSAGE_SHAPE'],
  ])('%s', async (_, make, code) => {
    const at = make.at === undefined ? {} : { at: wechat.clock.now() + make.at }
    await expect(client.receive(await notification({ ...make, ...at }))).rejects.toMatchObject({ code })
  })

  test('D6: 299 seconds away is fresh, both ways', async () => {
    for (const seconds of [-299, 299]) {
      await expect(client.receive(await notification({ at: wechat.clock.now() + seconds * 1000 }))).resolves.toHaveProperty(
        'kind',
        'payment',
      )
    }
  })

  test('D8: unsigned XML of the old protocol', async () => {
    const body = Buffer.from('<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>')
    await expect(client.receive({ headers: new Headers({ 'content-type': 'text/xml' }), body })).rejects.toMatchObject({
      code: 'ERR_SIGNATURE_HEADERS',
    })
  })

  test('re-serialised by a framework: the bytes are no longer those that were signed', async () => {
    const raw = await notification({ edit: (body) => body.replace(',"resource_type"', ', "resource_type"') })
    const parsed = JSON.parse(Buffer.from(raw.body).toString()) as object
    await expect(client.receive({ ...raw, body: Buffer.from(JSON.stringify(parsed)) })).rejects.toMatchObject({
      code: 'ERR_SIGNATURE_MISMATCH',
    })
    // biome-ignore lint/suspicious/noExplicitAny: what a caller without types may do.
    await expect(client.receive({ ...raw, body: parsed as any })).rejects.toThrow('express.raw')
  })

  test('every byte of the body counts', async () => {
    const raw = await notification()
    for (let i = 0; i < raw.body.length; i += 7) {
      const body = Buffer.from(raw.body)
      body[i] = (body[i] ?? 0) ^ 1
      await expect(client.receive({ ...raw, body })).rejects.toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' })
    }
  })
})

test.each(['algorithm', 'ciphertext', 'nonce'])(
  'an envelope whose resource lacks %s is not of the documented shape: no raw TypeError',
  async (name) => {
    const edit = (body: string): string => {
      const envelope = JSON.parse(body) as { resource: Record<string, unknown> }
      delete envelope.resource[name]
      return JSON.stringify(envelope)
    }
    await expect(client.receive(await notification({ edit }))).rejects.toMatchObject({ code: 'ERR_MESSAGE_SHAPE', facts: { where: name } })
  },
)

test('an envelope whose associated_data is no text is of another shape, not sealed with another key', async () => {
  const edit = (body: string): string => {
    const envelope = JSON.parse(body) as { resource: object }
    return JSON.stringify({ ...envelope, resource: { ...envelope.resource, associated_data: 7 } })
  }
  await expect(client.receive(await notification({ edit }))).rejects.toMatchObject({
    code: 'ERR_MESSAGE_SHAPE',
    facts: { where: 'associated_data' },
  })
})

test('while the APIv3 key is changed, notifications under either are opened', async () => {
  const { api_v3_key } = wechat.emulator.keys.direct
  const other = 'x'.repeat(32)
  for (const apiV3Key of [
    [other, api_v3_key],
    [api_v3_key, other],
  ])
    expect(await wechat.client({ apiV3Key }).receive(await notification())).toHaveProperty('kind', 'payment')
})
