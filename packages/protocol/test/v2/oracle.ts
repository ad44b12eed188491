// A third-party client, as a second opinion on signatures, ciphers and XML.

import { createRequire } from 'node:module'
import type { SignType } from '../../src/v2/index.ts'

interface Oracle {
  Aes: { AesEcb: { encrypt(text: string, key: string): string; decrypt(text: string, key: string): string } }
  Hash: { md5(text: string): string; sign(type: SignType, data: object, key: string): string }
  Transformer: { toObject(xml: string): Record<string, string>; toXml(data: object): string }
}

export const oracle: Oracle = createRequire(import.meta.url)('wechatpay-axios-plugin')
