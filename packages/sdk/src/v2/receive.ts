// From the raw bytes of a v2 notification to its content: a signed payment, or an encrypted refund result. Only messages for this merchant are accepted.

import { MessageError } from '@cashdesk/protocol'
import { openV2Payment, openV2Refund, type V2Parties, type V2Payment, type V2RefundResult, type V2Trust } from '@cashdesk/protocol/v2'

/** WeChat's own have about 2 KB. The signature is inside the XML, so even a forged body must be parsed before it can be refused. */
export const V2_NOTIFICATION_BODY_BYTES_MAX: number = 16 * 1024

export interface V2Receiver {
  appid: string
  mch_id: string
  trust: V2Trust
}

/** @throws SignatureError, MessageError: answer with `v2ReplyFail` and write nothing. */
export function receivePayment(receiver: V2Receiver, body: Uint8Array): V2Payment {
  requireRaw(body)
  const payment = openV2Payment(receiver.trust, body)
  requireTenant(receiver, payment)
  return payment
}

/** @throws DecryptError, MessageError: answer with `v2ReplyFail` and write nothing. */
export function receiveRefund(receiver: V2Receiver, body: Uint8Array): V2RefundResult {
  requireRaw(body)
  const refund = openV2Refund(receiver.trust, body)
  requireTenant(receiver, refund)
  return refund
}

function requireRaw(body: Uint8Array): void {
  if (!(body instanceof Uint8Array)) throw new MessageError('ERR_BODY_PARSED', { got: typeof body })
  if (body.byteLength > V2_NOTIFICATION_BODY_BYTES_MAX)
    throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', bytes: body.byteLength })
}

function requireTenant({ appid, mch_id }: V2Receiver, parties: V2Parties): void {
  if (parties.mch_id !== mch_id) throw new MessageError('ERR_MESSAGE_TENANT', { where: 'mch_id' })
  if (parties.appid !== appid) throw new MessageError('ERR_MESSAGE_TENANT', { where: 'appid' })
}
