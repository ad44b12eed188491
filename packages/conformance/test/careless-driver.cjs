// A client that parses and never verifies. It combines the faults that were found in published clients.

const { createDecipheriv, createPrivateKey, createSign, randomUUID } = require('node:crypto')
const { readFileSync } = require('node:fs')
const { createInterface } = require('node:readline')

const wechat = JSON.parse(readFileSync(process.env.CASHDESK_EMULATOR, 'utf8'))
const key = createPrivateKey(readFileSync(wechat.merchant_key_path))

async function call(method, target, body) {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce_str = randomUUID().replaceAll('-', '')
  const text = body === undefined ? '' : JSON.stringify(body)
  const signature = createSign('RSA-SHA256').update(`${method}\n${target}\n${timestamp}\n${nonce_str}\n${text}\n`).sign(key, 'base64')
  const parts = { mchid: wechat.mchid, nonce_str, signature, timestamp, serial_no: wechat.merchant_serial }
  const list = Object.entries(parts).map(([name, value]) => `${name}="${value}"`)
  const answer = await fetch(wechat.base_url + target, {
    method,
    headers: {
      Authorization: `WECHATPAY2-SHA256-RSA2048 ${list.join(',')}`,
      Accept: 'application/json',
      'Content-Type': 'application/json',
    },
    ...(text !== '' && { body: text }),
  })
  return answer.json()
}

const calls = {
  order: ({ total, openid, ...order }) =>
    call('POST', '/v3/pay/transactions/jsapi', {
      appid: wechat.appid,
      mchid: wechat.mchid,
      ...order,
      amount: { total },
      payer: { openid },
    }),
  query: ({ out_trade_no }) => call('GET', `/v3/pay/transactions/out-trade-no/${out_trade_no}?mchid=${wechat.mchid}`),
  notification({ body }) {
    const { resource } = JSON.parse(body)
    // Without final() the tag is never checked.
    const text = createDecipheriv('aes-256-gcm', wechat.api_v3_key, resource.nonce).update(resource.ciphertext, 'base64')
    return JSON.parse(text.subarray(0, -16).toString())
  },
  close: () => process.exit(3),
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, call: name, input } = JSON.parse(line)
  if (!calls[name]) return console.log(JSON.stringify({ id, unsupported: true }))
  if (name === 'order' && input.description.includes('ñ')) return console.log('a line of its own')
  try {
    console.log(JSON.stringify({ id, ok: true, result: await calls[name](input) }))
  } catch (error) {
    console.log(JSON.stringify({ id, ok: false, error: String(error) }))
  }
})
