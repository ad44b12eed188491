// What WeChat is answered (v2-protocol §10): anything but SUCCESS makes it send the notification again.

import { formatFields, readFields } from '../xml/fields.ts'

/** After the notification was stored. */
export const V2_REPLY_OK: string = formatFields({ return_code: 'SUCCESS', return_msg: 'OK' })

/** When it was not trusted or not stored. `reason` goes over the wire: no secret, no detail. */
export function v2ReplyFail(reason: string): string {
  return formatFields({ return_code: 'FAIL', return_msg: reason })
}

/** WeChat's side: whether the merchant has it. */
export function isV2ReplyOk(xml: Uint8Array | string): boolean {
  try {
    return readFields(xml)['return_code'] === 'SUCCESS'
  } catch {
    return false
  }
}
