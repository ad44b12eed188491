// Refunds over mutual TLS: the merchant's own certificate, or none of it (v2-protocol §1).

import { createWechatPayV2, mutualTlsFetch, type WechatPayV2 } from '@cashdesk/sdk/v2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningEmulator, startEmulator } from '../../../src/index.ts'

let running: RunningEmulator
beforeAll(async () => {
  running = await startEmulator({ port: 0, tlsPort: 0 })
})
afterAll(() => running.close())

function aClient(cert: string, key: string): WechatPayV2 {
  const { settings } = running.emulator
  const ca = running.tls?.ca_cert
  const clientCertificate = { cert, key, ca }
  return createWechatPayV2({
    appid: settings.appid,
    mch_id: settings.mchid,
    apiV2Key: settings.api_v2_key,
    signType: 'MD5',
    baseURL: running.tls?.url,
    clientCertificate,
    fetch: mutualTlsFetch(clientCertificate),
  })
}

async function pay(client: WechatPayV2, out_trade_no: string): Promise<void> {
  const { appid, users } = running.emulator.settings
  const openid = users[0]?.openid ?? ''
  const notify_url = 'http://127.0.0.1:9/paid'
  const order = { body: '一杯咖啡', out_trade_no, total_fee: 100, spbill_create_ip: '127.0.0.1', notify_url, openid }
  const { prepay_id } = await client.unifiedOrder(order)
  running.emulator.cashier({ appId: appid, openid, ...client.requestPayment({ prepay_id }) })
}

test('with his own certificate the merchant refunds', async () => {
  const { merchant_cert, merchant_key } = running.emulator.settings
  const client = aClient(merchant_cert, merchant_key)
  await pay(client, 'tls-order-1')
  expect(await client.refund({ out_trade_no: 'tls-order-1', out_refund_no: 'r-1', total_fee: 100, refund_fee: 100 })).toMatchObject({
    refund_fee: 100,
  })
})

test('with another merchant’s he does everything else, but does not refund', async () => {
  const { merchant_cert, merchant_key } = running.emulator.settings.sp
  const client = aClient(merchant_cert, merchant_key)
  await pay(client, 'tls-order-2')
  expect(await client.orderQuery({ out_trade_no: 'tls-order-2' })).toMatchObject({ trade_state: 'SUCCESS' })
  const refund = client.refund({ out_trade_no: 'tls-order-2', out_refund_no: 'r-2', total_fee: 100, refund_fee: 100 })
  await expect(refund).rejects.toMatchObject({ refusal: { code: 'CERT_ERROR' }, outcome: 'refused' })
  expect(await client.orderQuery({ out_trade_no: 'tls-order-2' })).toMatchObject({ trade_state: 'SUCCESS' })
})
