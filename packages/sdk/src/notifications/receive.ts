// From the raw bytes of a notification to a typed event: headers, window, serial, signature, AEAD, shape, tenant — in that order.

import type { KeyObject } from 'node:crypto'
import { type HeaderSource, MessageError, openNotification } from '@cashdesk/protocol'
import type { NotificationEnvelope, Transaction } from '@cashdesk/protocol/spec'
import { transaction } from '../transactions/shape.ts'
import type { Verifier } from '../transport/transport.ts'

/** A notification as it came: raw bytes, because the signature covers them. */
export interface RawNotification {
  headers: HeaderSource
  body: Uint8Array
}

/** A verified notification. `kind` comes from event_type *and* original_type: both words are reused by WeChat. */
export type Notification =
  | { kind: 'payment'; envelope: NotificationEnvelope; transaction: Transaction }
  | { kind: 'other'; envelope: NotificationEnvelope; resource: unknown }

/** WeChat's own are far below this. */
export const NOTIFICATION_BODY_BYTES_MAX: number = 64 * 1024

/** @throws SignatureError, DecryptError, MessageError: in each case answer 4xx and write nothing. */
export async function receive(
  merchant: { mchid: string; apiV3Keys: readonly KeyObject[] },
  verifier: Verifier,
  raw: RawNotification,
): Promise<Notification> {
  if (!(raw.body instanceof Uint8Array)) throw new MessageError('ERR_BODY_PARSED', { got: typeof raw.body })
  if (raw.body.byteLength > NOTIFICATION_BODY_BYTES_MAX) {
    throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', bytes: raw.body.byteLength, bytes_max: NOTIFICATION_BODY_BYTES_MAX })
  }
  await verifier.verify(raw.headers, raw.body)
  const { envelope, resource } = openNotification(raw.body, merchant.apiV3Keys)
  if (envelope.event_type === 'TRANSACTION.SUCCESS' && envelope.resource.original_type === 'transaction') {
    const paid = transaction<Transaction>(resource)
    requireTenant(merchant.mchid, paid)
    return { kind: 'payment', envelope, transaction: paid }
  }
  return { kind: 'other', envelope, resource }
}

function requireTenant(mchid: string, paid: Transaction): void {
  const signer = 'sp_mchid' in paid ? paid.sp_mchid : paid.mchid
  if (signer !== mchid) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'mchid', problem: 'the notification is for another merchant' })
}
