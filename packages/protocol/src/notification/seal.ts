// WeChat's side of a notification: encrypts a resource and wraps it in the envelope. The result is signed afterwards, over the bytes that are sent.

import type { KeyObject } from 'node:crypto'
import { sealResource } from '../cipher/resource.ts'

export interface SealNotificationInput {
  id: string
  /** RFC 3339. */
  create_time: string
  event_type: string
  summary: string
  original_type: string
  resource: unknown
  /** 12 characters. */
  nonce: string
}

/** The body of a notification, as text. Its members come in the order of live ones. */
export function sealNotification(key: KeyObject, input: SealNotificationInput): string {
  const { algorithm, ciphertext, associated_data, nonce } = sealResource(
    key,
    input.nonce,
    input.original_type,
    JSON.stringify(input.resource),
  )
  return JSON.stringify({
    id: input.id,
    create_time: input.create_time,
    resource_type: 'encrypt-resource',
    event_type: input.event_type,
    summary: input.summary,
    resource: { original_type: input.original_type, algorithm, ciphertext, associated_data, nonce },
  })
}
