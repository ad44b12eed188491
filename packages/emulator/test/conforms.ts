// Every answer and every notification that a test of the emulator gets is held to the spec, whatever the test is about.

import { apiV3Key, openNotification } from '@cashdesk/protocol'
import * as spec from '@cashdesk/protocol/spec'
import type { EmulatorSettings } from '../src/index.ts'

/** @throws when the body of this successful answer is not what the spec says of its endpoint */
export function answerConforms(method: string, target: string, text: string): void {
  const path = target.replace(/[?].*$/, '')
  for (const value of Object.values(spec)) {
    if (typeof value !== 'object' || !('path' in value) || !('answer' in value) || value.method !== method) continue
    if (!new RegExp(`^${value.path.replace(/\{[a-z_]+\}/g, '[^/]+')}$`).test(path)) continue
    value.answer?.parse(JSON.parse(text))
  }
}

const CONTENT = {
  transaction: [spec.combineTransaction, spec.directTransaction, spec.partnerTransaction],
  refund: [spec.refundNotice],
  profitsharing: [spec.shareNotice],
  mch_payment: [spec.transferNotice],
  security: [spec.echoNotice],
} as const

/** A notification that no key of ours opens was altered or forged on purpose, and is not looked at. @throws when an opened one is not what the spec says */
export function notificationConforms(settings: EmulatorSettings, body: Uint8Array): void {
  if (body[0] !== '{'.charCodeAt(0)) return
  const keys = [settings, settings.sp, ...settings.merchants].map(({ api_v3_key }) => apiV3Key(api_v3_key))
  const opened = unlessClosed(() => openNotification(body, keys))
  if (!opened) return
  spec.notificationEnvelope.parse(opened.envelope)
  const schemas = CONTENT[opened.envelope.resource.original_type as keyof typeof CONTENT] ?? []
  if (!schemas.some((schema) => schema.safeParse(opened.resource).success)) {
    throw new Error(`no such ${opened.envelope.resource.original_type}: ${JSON.stringify(opened.resource)}`)
  }
}

function unlessClosed<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}
