// Uses the installed SDK as a shop does: orders, signs for the phone, receives a notification. The modules are arguments, so that ESM and CommonJS run the same code.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'

export async function journey({ sdk, adapters, explain, v2, protocol, spec }) {
  const merchant = keys()
  const wechat = keys()
  const answerKey = { serial: 'PUB_KEY_ID_01', privateKey: protocol.privateKey(wechat.privateKey) }
  const signed = (body) => protocol.signAnswer(answerKey, body, Date.now(), 'nonce')
  const authorizations = []

  const wechatpay = sdk.createWechatPay({
    mchid: '1900000001',
    signer: { serial_no: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1', privateKey: merchant.privateKey },
    apiV3Key: 'k'.repeat(32),
    publicKeys: { PUB_KEY_ID_01: wechat.publicKey },
    fetch: async (request) => {
      authorizations.push([request.headers.get('authorization'), await request.text()])
      const body = JSON.stringify({ prepay_id: 'wx01' })
      return new Response(body, { headers: await signed(body) })
    },
  })

  const { prepay_id } = await wechatpay.transactions.jsapi({
    appid: 'wx8888888888888888',
    description: 'latte',
    out_trade_no: 'ORDER-0001',
    notify_url: 'https://pay.example.com/notify',
    amount: { total: 2800 },
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  })
  const [authorization, body] = authorizations[0]
  const { timestamp, nonce_str, signature } = protocol.parseAuthorization(authorization)
  const message = protocol.requestMessage('POST', '/v3/pay/transactions/jsapi', timestamp, nonce_str, body)
  assert.ok(protocol.verify(protocol.publicKey(merchant.publicKey), message, signature))

  const fields = await wechatpay.requestPayment({ appid: 'wx8888888888888888', prepay_id })
  assert.equal(fields.package, 'prepay_id=wx01')

  const handled = []
  const answer = adapters.fetchNotifications({ wechatpay, handle: (notification) => void handled.push(notification) })
  const sealed = protocol.sealNotification(protocol.apiV3Key('k'.repeat(32)), {
    id: 'id-1',
    create_time: '2026-11-24T10:00:00+08:00',
    event_type: 'COUPON.USE',
    summary: 'used',
    original_type: 'coupon',
    resource: { a: 1 },
    nonce: 'abcdefghijkl',
  })
  const post = (headers) => answer(new Request('https://pay.example.com/notify', { method: 'POST', headers, body: sealed }))
  assert.equal((await post(await signed(sealed))).status, 204)
  assert.equal((await post(await signed(`${sealed} `))).status, 400)
  assert.equal(handled.length, 1)

  // Every entry point can be imported.
  assert.equal(typeof explain.explain, 'function')
  assert.equal(typeof v2.createWechatPayV2, 'function')
  assert.equal(spec.jsapiOrder.path, '/v3/pay/transactions/jsapi')
  console.log('paid and told')
}

function keys() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}
