// Platform certificates (平台证书), sealed with the merchant's APIv3 key (v3-protocol §6).

import { z } from 'zod'
import type { SealedResource } from '../cipher/resource.ts'
import { V3_ENDPOINTS } from '../endpoints/v3.ts'
import { V3_ERRORS } from '../endpoints/v3-errors.ts'
import type { Endpoint } from './endpoint.ts'

export interface CertificateEntry {
  /** Upper-case hex, as in `Wechatpay-Serial`. */
  serial_no: string
  /** RFC 3339. Optional: in WeChat's own sample the names of both times have a trailing blank. */
  effective_time?: string | undefined
  expire_time?: string | undefined
  encrypt_certificate: SealedResource
}

export interface CertificatesAnswer {
  data: CertificateEntry[]
}

export const certificates: Endpoint<never, never, CertificatesAnswer> = {
  ...V3_ENDPOINTS.certificates,
  errors: V3_ERRORS.certificates,
  answer: z.looseObject({
    data: z.array(
      z.looseObject({
        serial_no: z.string().min(1),
        effective_time: z.string().optional(),
        expire_time: z.string().optional(),
        encrypt_certificate: z.looseObject({
          algorithm: z.string(),
          nonce: z.string(),
          associated_data: z.string().optional(),
          ciphertext: z.string(),
        }),
      }),
    ),
  }),
  // The answer to a merchant that has only the public key (v3-protocol §6).
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012551764',
}
