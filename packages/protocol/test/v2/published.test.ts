// The published v2 vectors.

import { describe, expect, test } from 'vitest'
import {
  apiV2Key,
  assertSignedV2,
  openReqInfo,
  openV2,
  openV2Payment,
  readFields,
  reqInfoKey,
  type SignType,
  sealReqInfo,
  signV2,
  v2Message,
} from '../../src/v2/index.ts'
import { published } from '../vectors/published.ts'

interface SignCase {
  name: string
  fields: Record<string, string>
  key: string
  sign_type: SignType
  stringSignTemp: string
  sign: string
}
interface NotifyCase {
  name: string
  fields: Record<string, string>
  sign: string
  xml?: string
}
interface RefundCase {
  name: string
  api_v2_key: string
  md5_hex?: string
  req_info?: string
  plain?: string
}
const read = <T>(name: string): { key: string; cases: T[] } => published(name) as unknown as { key: string; cases: T[] }

describe('published vectors', () => {
  test.each(read<SignCase>('v2-sign').cases)('signature $name', ({ fields, key, sign_type, stringSignTemp, sign }) => {
    expect(`${v2Message(fields)}&key=${key}`).toBe(stringSignTemp)
    expect(signV2(apiV2Key(key), sign_type, fields)).toBe(sign)
  })

  const notify = read<NotifyCase>('v2-pay-notify')
  test.each(notify.cases.filter((one) => one.xml))('payment $name', ({ name, fields, sign, xml = '' }) => {
    const trust = { key: apiV2Key(notify.key), signType: name === 'md5' ? 'MD5' : 'HMAC-SHA256' } as const
    expect({ ...openV2(trust, xml) }).toEqual({ ...fields, sign })
    expect(openV2Payment(trust, xml)).toMatchObject({
      total_fee: 1,
      coupon_fee: 10,
      coupon_count: 1,
      coupon_id: '10000',
      attach: '支付测试',
    })
    const other = { ...trust, signType: trust.signType === 'MD5' ? 'HMAC-SHA256' : 'MD5' } as const
    expect(() => openV2Payment(other, xml)).toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }))
  })

  test.each(notify.cases.filter((one) => !one.xml))('payment $name is refused', ({ fields, sign }) => {
    for (const type of ['MD5', 'HMAC-SHA256'] as const)
      expect(() => assertSignedV2(apiV2Key(notify.key), type, { ...fields, sign })).toThrow()
  })

  test.each(read<RefundCase>('v2-refund-notify').cases)('refund $name', ({ api_v2_key, md5_hex, req_info, plain = '' }) => {
    const key = apiV2Key(api_v2_key)
    if (md5_hex) expect(reqInfoKey(key).export().toString('ascii')).toBe(md5_hex)
    if (!req_info) return
    expect(openReqInfo(key, req_info)).toBe(plain)
    expect(sealReqInfo(key, plain)).toBe(req_info)
    expect(readFields(plain, 'root')['refund_status']).toBe(plain.includes('refund_status') ? 'SUCCESS' : undefined)
  })
})
