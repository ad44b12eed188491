// A WeChat whose answers are signed by its platform certificate, and whose GET /v3/certificates answers whatever a test says.

import { generateKeys, type VirtualClock, virtualClock } from '@cashdesk/emulator'
import { apiV3Key, certificate, privateKey, sealResource, signAnswer } from '@cashdesk/protocol'
import { createWechatPay, type WechatPay, type WechatPayOptions } from '../src/index.ts'
import { NOW } from './wechat.ts'

export type Keys = Awaited<ReturnType<typeof generateKeys>>

/** Who signs an answer of WeChat. */
export interface By {
  serial: string
  privateKey: string
}

export interface CertificateWechat {
  clock: VirtualClock
  keys: Keys
  /** Another pair of WeChat's, as after a rotation. */
  next: Keys
  client: WechatPay
  /** How often the list was asked for. */
  downloads(): number
  /** What the list answers from now on. */
  serve(answer: () => Promise<Response>): void
  /** Who signs the answers to orders and refunds from now on. */
  signBy(by: By): void
  /** The verified list of these, the last one signing. */
  listOf(...all: Keys[]): () => Promise<Response>
  json(status: number, value: unknown, by?: By): () => Promise<Response>
  platform(of: Keys): By
  publicKey: By
  /** Whether a notification signed so is believed: an empty envelope has no shape, which is only looked at after the signature. */
  notified(by: By): Promise<string>
  end(of: Keys): number
}

let made: Promise<[Keys, Keys]> | undefined

/** `from` is the time at which the client begins. */
export async function aCertificateWechat(
  change: Partial<WechatPayOptions> | 'public key beside' = {},
  from = NOW + 1000,
): Promise<CertificateWechat> {
  made ??= Promise.all([generateKeys(NOW), generateKeys(NOW)])
  const [keys, other] = await made
  const next = { ...keys, platform: other.platform }
  const clock = virtualClock(from)
  const platform = (of: Keys): By => ({ serial: of.platform.platform_serial, privateKey: of.platform.platform_private })
  const publicKey: By = { serial: keys.direct.public_key_id, privateKey: keys.direct.public_key_private }
  const signed = async (status: number, body: string, by?: By): Promise<Response> => {
    const headers = by && (await signAnswer({ serial: by.serial, privateKey: privateKey(by.privateKey) }, body, clock.now(), 'n'))
    return new Response(body, { status, ...(headers && { headers }) })
  }
  let asked = 0
  let signer = platform(keys)
  let list: () => Promise<Response> = () => Promise.reject(new Error('nothing is served yet'))
  const client = createWechatPay({
    mchid: '1900000001',
    signer: { serial_no: keys.direct.merchant_serial, privateKey: keys.direct.merchant_key },
    apiV3Key: keys.direct.api_v3_key,
    platformCertificates: 'download',
    clock,
    retries: 0,
    fetch: async (request) => {
      if (!request.url.endsWith('/v3/certificates')) return signed(200, ANSWER, signer)
      asked++
      return list()
    },
    ...(change === 'public key beside' ? { publicKeys: { [publicKey.serial]: keys.direct.public_key } } : change),
  })
  const sealedList = (all: Keys[]): string =>
    JSON.stringify({
      data: all.map((of) => ({
        serial_no: of.platform.platform_serial,
        encrypt_certificate: sealResource(apiV3Key(keys.direct.api_v3_key), 'abcdefghijkl', 'certificate', of.platform.platform_cert),
      })),
    })
  return {
    clock,
    keys,
    next,
    client,
    downloads: () => asked,
    serve: (answer) => {
      list = answer
    },
    signBy: (by) => {
      signer = by
    },
    listOf:
      (...all) =>
      () =>
        signed(200, sealedList(all), platform(all.at(-1) ?? keys)),
    json: (status, value, by) => () => signed(status, JSON.stringify(value), by),
    platform,
    publicKey,
    async notified(by) {
      const body = Buffer.from('{}')
      const headers = new Headers(await signAnswer({ serial: by.serial, privateKey: privateKey(by.privateKey) }, body, clock.now(), 'n'))
      const error: unknown = await client.receive({ headers, body }).catch((caught: unknown) => caught)
      const { code } = error as { code?: string }
      return code === 'ERR_MESSAGE_SHAPE' ? 'believed' : (code ?? String(error))
    },
    end: (of) => certificate(of.platform.platform_cert).notAfter,
  }
}

/** Enough for an order and for a refund. */
const ANSWER = JSON.stringify({
  prepay_id: 'wx1',
  refund_id: '50',
  out_refund_no: 'R1',
  out_trade_no: 'ORDER-1',
  transaction_id: '42',
  status: 'PROCESSING',
  channel: 'ORIGINAL',
  amount: { total: 1, refund: 1 },
})
