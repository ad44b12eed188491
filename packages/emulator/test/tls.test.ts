// The emulator over TLS, as every host of WeChat's (v3-protocol §1): for clients that keep the names, and for those that must show a certificate.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmulatorFile, type RunningEmulator, startEmulator } from '../src/index.ts'

let dir: string
let running: RunningEmulator
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'emulator-tls-'))
  running = await startEmulator({ port: 0, tlsPort: 0, dir })
})
afterAll(async () => {
  await running.close()
  await rm(dir, { recursive: true })
})

/** As a client with a fixed host name calls: only the address is ours. */
function get(servername: string, path: string, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(running.tls?.url ?? '')
    request({ host: hostname, port, path, servername, ca, headers: { host: servername } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
      .once('error', reject)
      .end()
  })
}

const NAMES = [
  'api.mch.weixin.qq.com',
  'api2.mch.weixin.qq.com',
  'api.weixin.qq.com',
  'api2.weixin.qq.com',
  'api.wechatpay.cn',
  'api2.wechatpay.cn',
]

test.each([...NAMES, 'localhost'])('B12: is %s for who trusts its authority', async (host) => {
  const { tls_url, ca_path } = JSON.parse(await readFile(join(dir, 'emulator.json'), 'utf8')) as EmulatorFile
  expect(tls_url).toBe(running.tls?.url)
  const ca = await readFile(ca_path ?? '', 'utf8')
  expect(ca).toBe(running.tls?.ca_cert)
  // No Authorization: the gate of v3 answers.
  expect(await get(host, '/v3/pay/transactions/id/1?mchid=1', ca)).toBe(401)
})

test('is nobody else, and nobody for who does not trust it', async () => {
  await expect(get('pay.example.com', '/', running.tls?.ca_cert ?? '')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  await expect(get('api.mch.weixin.qq.com', '/', running.emulator.settings.platform_cert)).rejects.toMatchObject({
    code: 'SELF_SIGNED_CERT_IN_CHAIN',
  })
})

test('the authority and the keys are the same after a restart', async () => {
  const again = await startEmulator({ port: 0, tlsPort: 0, dir })
  await again.close()
  expect(again.tls?.ca_cert).toBe(running.tls?.ca_cert)
})
