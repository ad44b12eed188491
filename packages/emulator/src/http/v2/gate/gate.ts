// The v2 gate: identifies the caller by a signature with the key that merchant and WeChat share (v2-protocol §1, §2).

import { CashdeskError } from '@cashdesk/protocol'
import { type Fields, readFields, type SignType, sameSignV2, v2Message } from '@cashdesk/protocol/v2'
import type { Merchant, Merchants } from '../../../platform/merchants/merchants.ts'
import type { Exchange } from '../../exchange.ts'
import type { SeenRequest } from '../../seen.ts'
import { V2Failure } from '../refusal.ts'
import { explainV2 } from './explain.ts'

export interface V2Caller {
  merchant: Merchant
  sign_type: SignType
  /** The fields as they came, including empty ones. */
  fields: Fields
}

/** Checks the signature. What was found is recorded in `seen`, also when the request is refused. @throws V2Failure */
export function authenticateV2(merchants: Merchants, { method, body }: Exchange, seen: SeenRequest): V2Caller {
  if (method !== 'POST') throw new V2Failure('REQUIRE_POST_METHOD', '请使用post方法')
  if (body.length === 0) throw new V2Failure('POST_DATA_EMPTY', 'post数据为空')
  const fields = read(body)
  seen.verdict = 'refused'
  const { mch_id, sign } = fields
  if (!mch_id) throw missing('mch_id')
  seen.mchid = mch_id
  const merchant = merchants.find(mch_id)
  if (!merchant) throw new V2Failure('MCHID_NOT_EXIST', '商户号mch_id或sub_mch_id不存在')
  if (!sign) throw missing('sign')
  if (!fields['nonce_str']) throw missing('nonce_str')
  const sign_type = fields['sign_type'] || 'MD5'
  if (sign_type !== 'MD5' && sign_type !== 'HMAC-SHA256') throw new V2Failure('PARAM_ERROR', 'sign_type参数格式校验错误')

  seen.canonical = `${v2Message(fields)}&key=…`
  if (!sameSignV2(merchant.apiV2Key, sign_type, fields)) {
    seen.explanation = explainV2(merchants, merchant, sign_type, fields)
    throw new V2Failure('SIGNERROR', '签名错误')
  }
  seen.verdict = 'accepted'
  return { merchant, sign_type, fields }
}

export function missing(name: string): V2Failure {
  return new V2Failure('LACK_PARAMS', `缺少参数${name}`)
}

function read(body: Buffer): Fields {
  try {
    return readFields(body)
  } catch (error) {
    if (!(error instanceof CashdeskError)) throw error
    throw new V2Failure('XML_FORMAT_ERROR', 'XML格式错误')
  }
}
