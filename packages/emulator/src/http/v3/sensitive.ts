// Fields that a merchant encrypts for WeChat. Wechatpay-Serial names the key; a field that cannot be decrypted is refused (v3-protocol §9).

import { openSensitive } from '@cashdesk/protocol'
import type { Merchant, Merchants } from '../../platform/merchants/merchants.ts'
import { paramError } from '../../platform/refusal.ts'
import { answerKey } from './gate/authenticate.ts'

export interface Sealed {
  merchants: Merchants
  merchant: Merchant
  headers: Headers
}

/** Decrypts one field. @throws Refusal PARAM_ERROR */
export function openField({ merchants, merchant, headers }: Sealed, field: string, ciphertext: string): string {
  if (!headers.has('Wechatpay-Serial')) {
    throw paramError('HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)', {
      field: 'Wechatpay-Serial',
      value: '',
      issue: 'a sealed field needs it',
    })
  }
  try {
    return openSensitive(answerKey(merchants, merchant, headers).privateKey, ciphertext)
  } catch {
    throw paramError('敏感信息解密失败', {
      field,
      value: '',
      issue: 'not sealed with the key that Wechatpay-Serial names',
      location: 'body',
    })
  }
}
