// The two notifications of v2: a payment, which is signed (v2-protocol §10), and a refund, which is encrypted but not signed (§11).

import { MessageError } from '../errors.ts'
import { formatFields, readFields } from '../xml/fields.ts'
import { STRANGER_PARTS_MAX } from '../xml/read.ts'
import type { V2Payment, V2RefundResult } from './answers.ts'
import { sealV2, type V2Trust } from './message.ts'
import { openReqInfo, sealReqInfo } from './req-info.ts'
import { assertSignedV2, type Signable } from './sign.ts'
import { typed } from './typed.ts'

const PAYMENT_FIELDS = [
  'appid',
  'mch_id',
  'nonce_str',
  'result_code',
  'openid',
  'trade_type',
  'bank_type',
  'total_fee',
  'cash_fee',
  'transaction_id',
  'out_trade_no',
  'time_end',
]
const REFUND_FIELDS = ['transaction_id', 'out_trade_no', 'refund_id', 'out_refund_no', 'total_fee', 'refund_fee', 'refund_status']

/** A payment, after its signature was verified and every field that money depends on was checked. @throws MessageError, SignatureError */
export function openV2Payment(trust: V2Trust, xml: Uint8Array | string): V2Payment {
  const fields = readFields(xml, 'xml', STRANGER_PARTS_MAX)
  // The signature is checked first: an unsigned message proves nothing, not even FAIL.
  assertSignedV2(trust.key, trust.signType, fields)
  // WeChat notifies only successful payments, so anything else is refused.
  for (const name of ['return_code', 'result_code'])
    if (fields[name] !== 'SUCCESS') throw new MessageError('ERR_MESSAGE_SHAPE', { where: name })
  // Each required field was checked; amounts are integers.
  return typed(fields, PAYMENT_FIELDS) as unknown as V2Payment
}

/** WeChat's side. */
export function sealV2Payment(trust: V2Trust, fields: Signable): string {
  return sealV2(trust, { return_code: 'SUCCESS', ...fields })
}

/**
 * A refund's result. Only a holder of the APIv2 key can have encrypted it; still, query WeChat before money depends on it. @throws MessageError, DecryptError
 */
export function openV2Refund({ key }: Pick<V2Trust, 'key'>, xml: Uint8Array | string): V2RefundResult {
  const outer = readFields(xml, 'xml', STRANGER_PARTS_MAX)
  if (outer['return_code'] !== 'SUCCESS') throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'return_code' })
  const { appid, mch_id, sub_appid, sub_mch_id } = typed(outer, ['appid', 'mch_id', 'req_info'])
  const inner = typed(readFields(openReqInfo(key, outer['req_info'] ?? ''), 'root'), REFUND_FIELDS)
  // Each required field was checked; amounts are integers.
  return { ...inner, appid, mch_id, ...(sub_appid && { sub_appid }), ...(sub_mch_id && { sub_mch_id }) } as unknown as V2RefundResult
}

/** WeChat's side: `outer` names the merchant, `result` is encrypted. */
export function sealV2Refund({ key }: Pick<V2Trust, 'key'>, outer: Signable, result: Signable): string {
  return formatFields({ return_code: 'SUCCESS', ...outer, req_info: sealReqInfo(key, formatFields(result, 'root')) })
}
