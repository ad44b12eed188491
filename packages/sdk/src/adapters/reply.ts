// What a notification is answered: 204 once handled, 400 for what is not trusted, 500 when handling failed — so that WeChat sends it again.

import { DecryptError, MessageError, SignatureError } from '@cashdesk/protocol'
import type { Notification, RawNotification } from '../notifications/receive.ts'
import type { WechatPay } from '../wechat-pay.ts'

/** Handles a verified notification. Return once it is durable; throw, and WeChat sends it again (up to 15 times in a day). At most 5 seconds. */
export type Handle = (notification: Notification) => Promise<void> | void

export interface AdapterOptions {
  wechatpay: Pick<WechatPay, 'receive'>
  handle: Handle
  /** Hears why a notification was not acknowledged. */
  report?: ((error: unknown) => void) | undefined
}

export interface Reply {
  status: 204 | 400 | 413 | 500
  /** Empty for 204. */
  body: string
}

export async function replyTo({ wechatpay, handle, report }: AdapterOptions, raw: RawNotification): Promise<Reply> {
  let notification: Notification
  try {
    notification = await wechatpay.receive(raw)
  } catch (error) {
    report?.(error)
    const untrusted =
      error instanceof SignatureError ||
      error instanceof DecryptError ||
      (error instanceof MessageError && error.code !== 'ERR_BODY_PARSED')
    // A body that our own program parsed, or a key that could not be fetched, is our fault: 5xx, and it comes again.
    return untrusted ? failure(400, error.code) : failure(500, 'NOT_CHECKED')
  }
  try {
    await handle(notification)
    return { status: 204, body: '' }
  } catch (error) {
    report?.(error)
    return failure(500, 'NOT_HANDLED')
  }
}

export function failure(status: 400 | 413 | 500, code: string): Reply {
  return { status, body: JSON.stringify({ code: 'FAIL', message: code }) }
}
