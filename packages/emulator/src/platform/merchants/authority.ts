// A certificate authority of the emulator's own, and its server certificate. They are for clients that only accept TLS and fixed host names.

import { randomBytes } from 'node:crypto'
import { type Random, randomHex } from '../../ports/random.ts'
import { newKey, privatePem } from './keys.ts'
import { makeCertificate } from './x509.ts'

/** PEM texts. Trusting `ca_cert` is harmless for other hosts, because it signs only the names below. */
export interface TlsKeys {
  ca_cert: string
  server_cert: string
  server_key: string
}

/** WeChat's hosts. A client can keep its addresses, when they resolve to this machine (v3-protocol §1, miniprogram-server-api §0). */
export const WECHAT_HOSTS = [
  'api.mch.weixin.qq.com',
  'api2.mch.weixin.qq.com',
  'api.weixin.qq.com',
  'api2.weixin.qq.com',
  'api.wechatpay.cn',
  'api2.wechatpay.cn',
] as const
const NAMES = ['localhost', ...WECHAT_HOSTS]

const DAY_MS = 24 * 60 * 60 * 1000
const LIFE_MS = 825 * DAY_MS

export async function tlsKeys(now: number, random: Random = randomBytes): Promise<TlsKeys> {
  const [authority, server] = await Promise.all([newKey(), newKey()])
  const validity = { notBefore: now - DAY_MS, notAfter: now + LIFE_MS }
  const ca = { commonName: 'Cashdesk Emulator CA', privateKey: authority }
  return {
    ca_cert: makeCertificate({ ...ca, ...validity, serial_no: serial(random), authority: true }),
    server_cert: makeCertificate({
      ...validity,
      serial_no: serial(random),
      commonName: WECHAT_HOSTS[0],
      privateKey: server,
      issuer: ca,
      hosts: { names: NAMES, addresses: ['127.0.0.1'] },
    }),
    server_key: privatePem(server),
  }
}

/** A positive number, as DER requires. */
function serial(random: Random): string {
  return `1${randomHex(random, 20).slice(1).toUpperCase()}`
}
