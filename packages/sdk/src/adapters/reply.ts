// How a notification is answered: 204 once handled, 400 if it is not trusted, 500 if handling failed, so that WeChat sends it again.

import { CashdeskError, DecryptError, type HeaderSource, MessageError, SignatureError } from '@cashdesk/protocol'
import { NOTIFICATION_BODY_BYTES_MAX, type Notification } from '../notifications/receive.ts'
import type { WechatPay } from '../wechat-pay.ts'

/**
 * Handles a verified notification. Return once it is stored durably. If it throws, WeChat sends the notification again (up to 15 times in a day). At most 5
 * seconds.
 */
export type Handle = (notification: Notification) => Promise<void> | void

export interface AdapterOptions {
  wechatpay: Pick<WechatPay, 'receive'>
  handle: Handle
  /** Is called with the reason when a notification is not acknowledged. */
  report?: ((error: unknown) => void) | undefined
}

/** The bytes, or `'too large'`, or the parsed value if the bytes are lost. */
export type Body = Uint8Array | 'too large' | { parsed: unknown }

export interface Reply {
  status: 204 | 400 | 413 | 500
  /** Empty for 204. */
  body: string
}

/** Never rejects: an adapter may run where nothing catches a rejection, and a sender who hangs up must not end the process. */
export async function replyTo(options: AdapterOptions, headers: HeaderSource, read: () => Promise<Body>): Promise<Reply> {
  let notification: Notification
  try {
    notification = await options.wechatpay.receive({ headers, body: bytesOf(await read()) })
  } catch (error) {
    tell(options, error)
    return refusal(error)
  }
  try {
    await options.handle(notification)
    return { status: 204, body: '' }
  } catch (error) {
    tell(options, error)
    return failure(500, 'NOT_HANDLED')
  }
}

class BodyTooLarge extends MessageError {
  constructor() {
    super('ERR_MESSAGE_SHAPE', { where: 'body', bytes_max: NOTIFICATION_BODY_BYTES_MAX })
  }
}

function bytesOf(body: Body): Uint8Array {
  if (body === 'too large' || (body instanceof Uint8Array && body.byteLength > NOTIFICATION_BODY_BYTES_MAX)) throw new BodyTooLarge()
  if (body instanceof Uint8Array) return body
  // Not bytes, in spite of the type: `receive` refuses it and names the framework's setting for raw bodies.
  return body.parsed as Uint8Array
}

function refusal(error: unknown): Reply {
  if (error instanceof BodyTooLarge) return failure(413, 'BODY_TOO_LARGE')
  // A body that our own program parsed is our fault, so the answer is 5xx. WeChat sends a notification again after any answer that is not 2xx.
  if (!(error instanceof CashdeskError)) return failure(500, 'NOT_CHECKED')
  const untrusted = error instanceof SignatureError || error instanceof DecryptError || error instanceof MessageError
  return failure(untrusted && error.code !== 'ERR_BODY_PARSED' ? 400 : 500, error.code)
}

/** An error thrown by the reporter does not change the answer. */
function tell({ report }: AdapterOptions, error: unknown): void {
  try {
    report?.(error)
  } catch {}
}

function failure(status: 400 | 413 | 500, code: string): Reply {
  return { status, body: JSON.stringify({ code: 'FAIL', message: code }) }
}
