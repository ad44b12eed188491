// A notification with any content, sealed and signed as WeChat does it, for messages that the emulator never sends but WeChat may.

import { randomBytes } from 'node:crypto'
import type { EmulatorKeys } from '@cashdesk/emulator'
import { apiV3Key, privateKey, sealResource, signAnswer } from '@cashdesk/protocol'

export interface Said {
  resource: unknown
  event_type?: string
  original_type?: string
  /** Replaces or removes (undefined) fields of the envelope. */
  envelope?: Record<string, unknown>
}

export async function saidByWechat(
  { direct }: EmulatorKeys,
  now: number,
  said: Said,
): Promise<{ headers: Record<string, string>; body: string }> {
  const { event_type = 'TRANSACTION.SUCCESS', original_type = 'transaction' } = said
  const resource = {
    original_type,
    ...sealResource(apiV3Key(direct.api_v3_key), randomBytes(6).toString('hex'), original_type, JSON.stringify(said.resource)),
  }
  const envelope = {
    id: randomBytes(16).toString('hex'),
    create_time: '2026-11-24T10:00:00+08:00',
    resource_type: 'encrypt-resource',
    event_type,
    summary: '支付成功',
    resource,
    ...said.envelope,
  }
  const body = JSON.stringify(envelope)
  const key = { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) }
  return { headers: await signAnswer(key, body, now, randomBytes(16).toString('hex')), body }
}

/** An answer with any content, signed as WeChat does it. */
export async function answeredByWechat(
  { direct }: EmulatorKeys,
  now: number,
  { status, body, headers = {} }: { status: number; body: unknown; headers?: Record<string, string> },
): Promise<Response> {
  const text = JSON.stringify(body)
  const key = { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) }
  const signed = await signAnswer(key, text, now, randomBytes(16).toString('hex'))
  return new Response(text, { status, headers: { ...signed, 'content-type': 'application/json', ...headers } })
}
