// What a notification is answered: 204 once handled, 400 for what is not trusted, 500 when handling failed — so that WeChat sends it again.

import { CashdeskError, DecryptError, type HeaderSource, MessageError, SignatureError } from '@cashdesk/protocol'
import { NOTIFICATION_BODY_BYTES_MAX, type Notification } from '../notifications/receive.ts'
import type { WechatPay } from '../wechat-pay.ts'

/** Handles a verified notification. Return once it is durable; throw, and WeChat sends it again (up to 15 times in a day). At most 5 seconds. */
export type Handle = (notification: Notification) => Promise<void> | void

export interface AdapterOptions {
  wechatpay: Pick<WechatPay, 'receive'>
  handle: Handle
  /** Hears why a notification was not acknowledged. */
  report?: ((error: unknown) => void) | undefined
}

/** The bytes; or that there are too many, or that only their meaning is left. */
export type Body = Uint8Array | 'too large' | { parsed: unknown }

export interface Reply {
  status: 204 | 400 | 413 | 500
  /** Empty for 204. */
  body: string
}

/** Never rejects: an adapter may stand where nothing catches, and a sender who hangs up must not end the process. */
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
  // Not bytes, in spite of the type: `receive` says so, and names the framework's switch.
  return body.parsed as Uint8Array
}

function refusal(error: unknown): Reply {
  if (error instanceof BodyTooLarge) return failure(413, 'BODY_TOO_LARGE')
  // A body that our own program parsed is our fault: 5xx. WeChat repeats a notification after any answer that is not 2xx.
  if (!(error instanceof CashdeskError)) return failure(500, 'NOT_CHECKED')
  const untrusted = error instanceof SignatureError || error instanceof DecryptError || error instanceof MessageError
  return failure(untrusted && error.code !== 'ERR_BODY_PARSED' ? 400 : 500, error.code)
}

/** A reporter that throws changes no answer. */
function tell({ report }: AdapterOptions, error: unknown): void {
  try {
    report?.(error)
  } catch {}
}

function failure(status: 400 | 413 | 500, code: string): Reply {
  return { status, body: JSON.stringify({ code: 'FAIL', message: code }) }
}
