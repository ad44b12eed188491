// The external signer: an order is signed by another process, which holds the key, against the emulator.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { socketSigner } from '../../examples/external-signer/signer.ts'
import { aWechat, type Wechat } from '../../packages/sdk/test/wechat.ts'

const folder = mkdtempSync(join(tmpdir(), 'cashdesk-signer-'))
const path = join(folder, 'signer.sock')
let keeper: ChildProcess
let wechat: Wechat

beforeAll(async () => {
  wechat = await aWechat()
  writeFileSync(join(folder, 'key.pem'), wechat.emulator.settings.merchant_key, { mode: 0o600 })
  const file = new URL('../../examples/external-signer/keeper.ts', import.meta.url).pathname
  keeper = spawn(process.execPath, ['--conditions=@cashdesk/source', file], {
    env: { ...process.env, SIGNER_SOCKET: path, SIGNER_KEY: join(folder, 'key.pem') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => keeper.stdout?.once('data', resolve))
})
afterAll(() => {
  keeper.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

test('an external process signs orders and payment fields, many at once', async () => {
  const signer = socketSigner(wechat.emulator.settings.merchant_serial, path)
  const client = wechat.client({ signer })
  const orders = Array.from({ length: 20 }, () => wechat.order())
  const prepaid = await Promise.all(orders.map((order) => client.transactions.jsapi(order)))
  const [order, first] = [orders[0], prepaid[0]]
  if (!order || !first) throw new Error('no order')
  const fields = await client.requestPayment({ appid: order.appid, prepay_id: first.prepay_id })
  expect(wechat.emulator.cashier({ ...fields, appId: order.appid, openid: order.payer.openid })).toEqual({ errMsg: 'requestPayment:ok' })
  signer.close()
})

test('when the external process is gone the call fails before anything is sent', async () => {
  const signer = socketSigner(wechat.emulator.settings.merchant_serial, path)
  await signer.sign(Buffer.from('warm'))
  const sent = wechat.seen.length
  keeper.kill('SIGKILL')
  await new Promise((resolve) => keeper.once('exit', resolve))
  await expect(wechat.client({ signer }).transactions.jsapi(wechat.order())).rejects.toThrow()
  expect(wechat.seen).toHaveLength(sent)
})
