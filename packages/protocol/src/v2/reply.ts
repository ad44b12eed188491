// The answer to a v2 notification (v2-protocol §10). After any answer but SUCCESS WeChat sends the notification again.

import { formatFields, readFields } from '../xml/fields.ts'

/** Answer this after the notification was stored. */
export const V2_REPLY_OK: string = formatFields({ return_code: 'SUCCESS', return_msg: 'OK' })

/** Answer this if the notification was not trusted or not stored. `reason` is sent to the caller: no secret and no detail in it. */
export function v2ReplyFail(reason: string): string {
  return formatFields({ return_code: 'FAIL', return_msg: reason })
}

/** WeChat's side: whether the merchant has accepted the notification. */
export function isV2ReplyOk(xml: Uint8Array | string): boolean {
  try {
    return readFields(xml)['return_code'] === 'SUCCESS'
  } catch {
    return false
  }
}
