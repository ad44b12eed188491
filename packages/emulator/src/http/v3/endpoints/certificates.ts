// The platform certificates, encrypted with the APIv3 key of the calling merchant (v3-protocol §6).

import { beijingTime, sealResource } from '@cashdesk/protocol'
import { certificates } from '@cashdesk/protocol/spec'
import type { Platform } from '../../../platform/platform.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { randomHex } from '../../../ports/random.ts'
import { type Route, route } from '../route.ts'

export function certificateRoutes({ merchants, random }: Platform): Route[] {
  return [
    route(certificates, ({ merchant }) => {
      if (merchant.keyKind === 'public_key') {
        throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。')
      }
      return {
        data: merchants.platformCertificates().map(({ key, pem, notBefore, notAfter }) => ({
          serial_no: key.serial,
          effective_time: beijingTime(notBefore),
          expire_time: beijingTime(notAfter),
          encrypt_certificate: sealResource(merchant.apiV3Key, randomHex(random, 6), 'certificate', pem),
        })),
      }
    }),
  ]
}
