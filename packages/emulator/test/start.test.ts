// The emulator on a real socket: ready soon, keys kept, raw bytes honoured (v3-protocol §2), connections really lost.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatAuthorization, privateKey, requestMessage, sign } from '@cashdesk/protocol'
import { afterEach, expect, test } from 'vitest'
import { type EmulatorFile, type RunningEmulator, startEmulator } from '../src/index.ts'
import { aMerchant, anOrder, answerOf, JSAPI } from './world.ts'

const running: RunningEmulator[] = []
const folders: string[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
})

async function started(dir?: string): Promise<RunningEmulator> {
  const emulator = await startEmulator({ port: 0, ...(dir !== undefined && { dir }) })
  running.push(emulator)
  return emulator
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  folders.push(folder)
  return folder
}

const read = async (dir: string): Promise<EmulatorFile> => JSON.parse(await readFile(join(dir, 'emulator.json'), 'utf8'))

test('emulator.json configures a client, and the keys survive a restart', async () => {
  const dir = await aFolder()
  const first = await started(dir)
  const file = await read(dir)
  const { settings } = first.emulator
  expect(file).toMatchObject({ base_url: first.url, appid: settings.appid, mchid: settings.mchid, users: settings.users })
  expect(Object.keys(file.sp)).toEqual(
    expect.arrayContaining([
      'sp_appid',
      'sp_app_secret',
      'sp_mchid',
      'sub_appid',
      'sub_app_secret',
      'sub_mchid',
      'merchant_key_path',
      'api_v3_key',
    ]),
  )
  expect(await readFile(file.merchant_key_path, 'utf8')).toBe(settings.merchant_key)
  expect(await readFile(file.sp.public_key_path, 'utf8')).toBe(settings.sp.public_key)
  expect(await readFile(file.platform_cert_path, 'utf8')).toBe(settings.platform_cert)

  const second = await started(dir)
  expect(second.url).not.toBe(first.url)
  expect(await read(dir)).toEqual({ ...file, base_url: second.url })
})

test('a signed order over the socket is accepted, and its notification arrives over one', async () => {
  const { emulator, url } = await started()
  const { settings } = emulator
  const world = { emulator: { ...emulator, fetch: (input: Request) => fetch(input) } }
  const shop = aMerchant(world.emulator, emulator.clock, settings.mchid, settings)
  // Its own address takes the notification: 404 is an answer too.
  const order = await shop.call('POST', JSAPI, anOrder(world, { notify_url: `${url}/notify` }))
  expect(shop.verified(order)).toMatchObject({ status: 200 })
  const fields = await shop.paymentFields(settings.appid, String(order.body['prepay_id']))
  emulator.cashier({ appId: settings.appid, openid: settings.users[0]?.openid ?? '', ...fields })
  await emulator.deliverDue()
  expect(emulator.notifications()).toMatchObject([{ deliveries: [{ status: 404 }] }])
})

test('the signature is checked against the request line as sent, not as a URL parser writes it', async () => {
  const { emulator, url } = await started()
  const { settings } = emulator
  // A URL parser would encode the quotes and take the dots away; the path then does not exist, but the query string reaches the gate.
  const target = `/v3/pay/transactions/out-trade-no/a|b-0001?mchid=${settings.mchid}&x="y"`
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = await sign(privateKey(settings.merchant_key), requestMessage('GET', target, timestamp, 'n', ''))
  const authorization = formatAuthorization({
    mchid: settings.mchid,
    serial_no: settings.merchant_serial,
    nonce_str: 'n',
    timestamp,
    signature,
  })
  const status = await new Promise((resolve, reject) => {
    const sent = request(url, { path: target, headers: { Authorization: authorization } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end()
  })
  expect(emulator.requests()[0]).toMatchObject({ target, verdict: 'accepted', code: 'PARAM_ERROR' })
  expect(status).toBe(400)
})

test('a lost answer is a connection that hangs up', async () => {
  const { emulator, url } = await started()
  emulator.faults.add({ fault: 'answer.lost' })
  await expect(fetch(`${url}/sns/jscode2session`)).rejects.toThrow('fetch failed')
  expect(await answerOf(await fetch(`${url}/sns/jscode2session`))).toMatchObject({ status: 200, body: { errcode: 41002 } })
})

test('a port that is taken is an error', async () => {
  const { url } = await started()
  await expect(startEmulator({ port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE')
})
