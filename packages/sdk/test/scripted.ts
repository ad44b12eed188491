// A WeChat that answers what a test scripts, with real signatures, and checks each request as the real one does: signature, path, closed body.

import { createPublicKey } from 'node:crypto'
import { type EmulatorKeys, generateKeys, virtualClock } from '@cashdesk/emulator'
import { openSensitive, parseAuthorization, privateKey, requestMessage, signAnswer, verify } from '@cashdesk/protocol'
import * as spec from '@cashdesk/protocol/spec'
import { createWechatPay, type Fetch, type WechatPay, type WechatPayOptions } from '../src/index.ts'
import { IDS, NOW } from './wechat.ts'

export interface Asked {
  method: string
  path: string
  query: Record<string, string>
  body: unknown
  serial: string | null
}

export interface Scripted {
  client: WechatPay
  /** What was asked, in turn. */
  asked: Asked[]
  /** Opens a sealed field as WeChat would. */
  unseal(ciphertext: string): string
  /** The merchant's keys, and the way to this WeChat, for another client. */
  emulatorKeys: EmulatorKeys['direct']
  fetch: Fetch
}

const keys = generateKeys(NOW)

/** `answer` gives the status and JSON for each request; no JSON is an empty body. */
export async function scripted(
  answer: (asked: Asked) => { status?: number; json?: unknown },
  change: Partial<WechatPayOptions> = {},
): Promise<Scripted> {
  const { direct } = await keys
  const clock = virtualClock(NOW)
  const signer = { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) }
  const merchantKey = createPublicKey(direct.merchant_key)
  const asked: Asked[] = []
  const fetch: Fetch = async (request) => {
    const url = new URL(request.url)
    const text = await request.text()
    const { timestamp, nonce_str, signature } = parseAuthorization(request.headers.get('authorization') ?? '')
    if (!verify(merchantKey, requestMessage(request.method, url.pathname + url.search, timestamp, nonce_str, text), signature))
      throw new Error('the request is wrongly signed')
    const seen: Asked = {
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: text === '' ? undefined : JSON.parse(text),
      serial: request.headers.get('wechatpay-serial'),
    }
    asked.push(seen)
    conforms(seen)
    const { status = 200, json } = answer(seen)
    const body = json === undefined ? '' : JSON.stringify(json)
    const headers = await signAnswer(signer, body, clock.now(), 'N'.repeat(32))
    return new Response(body === '' ? null : body, { status: json === undefined && status === 200 ? 204 : status, headers })
  }
  const client = createWechatPay({
    mchid: IDS.mchid,
    signer: { serial_no: direct.merchant_serial, privateKey: direct.merchant_key },
    apiV3Key: direct.api_v3_key,
    publicKeys: { [direct.public_key_id]: direct.public_key },
    clock,
    retries: 0,
    fetch,
    ...change,
  })
  return { client, asked, fetch, emulatorKeys: direct, unseal: (ciphertext) => openSensitive(signer.privateKey, ciphertext) }
}

/** WeChat refuses a path it does not know and a body that is not as documented; so does this one. */
function conforms(asked: Asked): void {
  const endpoint = Object.values(spec).find((value): value is typeof value & spec.Endpoint<unknown, unknown> => {
    if (typeof value !== 'object' || !('path' in value) || value.method !== asked.method) return false
    return new RegExp(`^${value.path.replace(/\{[a-z_]+\}/g, '[^/]+')}$`).test(asked.path)
  })
  if (!endpoint) throw new Error(`no such endpoint: ${asked.method} ${asked.path}`)
  if (endpoint.body) endpoint.body.parse(asked.body)
  else if (asked.body !== undefined) throw new Error(`${asked.path} takes no body`)
  if (endpoint.query) endpoint.query.parse(asked.query)
  else if (Object.keys(asked.query).length > 0) throw new Error(`${asked.path} takes no query`)
}
