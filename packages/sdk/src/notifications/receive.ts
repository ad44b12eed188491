// From the raw bytes of a notification to a typed event. Checked in this order: headers, window, serial, signature, AEAD, shape, tenant.

import type { KeyObject } from 'node:crypto'
import { MessageError, type OpenedNotification, openNotification } from '@cashdesk/protocol'
import type {
  CombineTransaction,
  EchoNotice,
  NotificationEnvelope,
  RefundNotice,
  ShareNotice,
  Transaction,
  TransferNotice,
} from '@cashdesk/protocol/spec'
import { checked, record } from '../shape.ts'
import { transaction } from '../transactions/shape.ts'
import type { Verifier } from '../trust/trust.ts'
import { type HeadersInput, headerSource } from './header-source.ts'

/** A notification as received: raw bytes, because the signature covers them. */
export interface RawNotification {
  /** The headers as the framework has them: `Headers`, an object, a Map, pairs; names in any case. */
  headers: HeadersInput
  body: Uint8Array
}

/** A verified notification. `kind` comes from event_type *and* original_type, because WeChat reuses both words for several products. */
export type Notification =
  | { kind: 'payment'; envelope: NotificationEnvelope; transaction: Transaction }
  | { kind: 'combine'; envelope: NotificationEnvelope; transaction: CombineTransaction }
  | { kind: 'refund'; envelope: NotificationEnvelope; refund: RefundNotice }
  | { kind: 'profit-sharing'; envelope: NotificationEnvelope; share: ShareNotice }
  | { kind: 'transfer'; envelope: NotificationEnvelope; transfer: TransferNotice }
  /** The answer to `security.echo` with a notify_url: answer 204. */
  | { kind: 'security-echo'; envelope: NotificationEnvelope; echo: EchoNotice }
  /** A notification of another product: answer 204 and ignore it. */
  | { kind: 'other'; envelope: NotificationEnvelope; resource: unknown }

/**
 * Authentic and decrypted with the merchant's own APIv3 key, but the content is not as documented. Keep it for a person and answer 204: WeChat would only send
 * the same again. `code` and `facts` say what is wrong.
 */
export class UnreadableNotificationError extends MessageError {
  readonly envelope: NotificationEnvelope
  /** The decrypted content, as WeChat wrote it. */
  readonly resource: unknown

  constructor({ envelope, resource }: OpenedNotification, cause: MessageError) {
    super(cause.code, cause.facts, { cause })
    this.envelope = envelope
    this.resource = resource
  }
}

/** WeChat's own notifications are far smaller. */
export const NOTIFICATION_BODY_BYTES_MAX: number = 64 * 1024

/** @throws SignatureError, DecryptError, MessageError: answer 4xx and write nothing. Only UnreadableNotificationError is authentic: see its comment. */
export async function receive(
  merchant: { mchid: string; apiV3Keys: readonly KeyObject[] },
  verifier: Verifier,
  raw: RawNotification,
): Promise<Notification> {
  const body = rawBody(raw.body)
  await verifier.verify(headerSource(raw.headers), body)
  const opened = openNotification(body, merchant.apiV3Keys)
  const notification = readable(opened)
  requireTenant(merchant.mchid, notification)
  return notification
}

/** Requires the raw bytes, before anything else is done. @throws MessageError */
export function rawBody(body: unknown): Uint8Array {
  if (!(body instanceof Uint8Array)) throw new MessageError('ERR_BODY_PARSED', { got: typeof body, ...SWITCHES })
  if (body.byteLength > NOTIFICATION_BODY_BYTES_MAX) {
    throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', bytes: body.byteLength, bytes_max: NOTIFICATION_BODY_BYTES_MAX })
  }
  return body
}

/** The setting by which each framework passes the raw bytes. Our adapters need none. */
const SWITCHES = {
  express: "express.raw({ type: '*/*' }) on this route, before express.json()",
  fastify: "addContentTypeParser('application/json', { parseAs: 'buffer' }, …)",
  koa: 'no body parser on this route',
  nest: 'NestFactory.create(App, { rawBody: true }), then request.rawBody',
  next: 'await request.arrayBuffer()',
  hono: 'await c.req.arrayBuffer()',
}

function readable(opened: OpenedNotification): Notification {
  try {
    const notification = typed(opened.envelope, opened.resource)
    const signer = signerOf(notification)
    // A different mchid means another merchant's message. An mchid that is not a number means an unreadable message of this merchant.
    if (signer !== undefined && !(typeof signer === 'string' && /^[0-9]{6,32}$/.test(signer)))
      throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'mchid' })
    return notification
  } catch (error) {
    throw error instanceof MessageError ? new UnreadableNotificationError(opened, error) : error
  }
}

function typed(envelope: NotificationEnvelope, resource: unknown): Notification {
  const { event_type } = envelope
  switch (envelope.resource.original_type) {
    case 'transaction':
      if (event_type !== 'TRANSACTION.SUCCESS') break
      if (record(resource)['combine_out_trade_no'] !== undefined) {
        return { kind: 'combine', envelope, transaction: checked<CombineTransaction>(resource, 'combine_out_trade_no', 'combine_mchid') }
      }
      return { kind: 'payment', envelope, transaction: transaction<Transaction>(resource) }
    case 'refund':
      if (!event_type.startsWith('REFUND.')) break
      return { kind: 'refund', envelope, refund: checked<RefundNotice>(resource, 'out_refund_no', 'refund_id', 'refund_status') }
    case 'profitsharing':
      return { kind: 'profit-sharing', envelope, share: checked<ShareNotice>(resource, 'transaction_id', 'out_order_no') }
    case 'mch_payment':
      if (event_type !== 'MCHTRANSFER.BILL.FINISHED') break
      return { kind: 'transfer', envelope, transfer: checked<TransferNotice>(resource, 'out_bill_no', 'state') }
    case 'security':
      if (event_type !== 'SECURITY_ECHO.SUCCESS') break
      return { kind: 'security-echo', envelope, echo: checked<EchoNotice>(resource, 'echo_message') }
  }
  return { kind: 'other', envelope, resource }
}

/** The APIv3 key already belongs to one merchant. The mchid in the content is checked in addition. */
function requireTenant(mchid: string, notification: Notification): void {
  const signer = signerOf(notification)
  if (signer !== undefined && signer !== mchid) throw new MessageError('ERR_MESSAGE_TENANT', { kind: notification.kind })
}

function signerOf(notification: Notification): string | undefined {
  switch (notification.kind) {
    case 'payment':
      return 'sp_mchid' in notification.transaction ? notification.transaction.sp_mchid : notification.transaction.mchid
    case 'combine':
      return notification.transaction.combine_mchid
    case 'refund':
      return notification.refund.sp_mchid ?? notification.refund.mchid
    case 'profit-sharing':
      return notification.share.sp_mchid ?? notification.share.mchid
    case 'transfer':
      return notification.transfer.mch_id ?? notification.transfer.mchid
    case 'security-echo':
    case 'other':
      return undefined
  }
}
