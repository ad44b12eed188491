// Explains why a signature was refused: finds the other message, key or algorithm that it was made with, and tells the developer what to change.

import type { KeyObject } from 'node:crypto'
import { isBase64, verify } from '@cashdesk/protocol'
import type { Merchants } from '../../../platform/merchants/merchants.ts'
import type { Explanation } from './explanation.ts'
import { madeBy, wrongAlgorithm } from './wrong-algorithms.ts'
import { type SignedParts, wrongMessages } from './wrong-messages.ts'

/** `publicKey` belongs to the merchant and serial in Authorization; `message` is the one built from the request. */
export function explainMismatch(
  merchants: Merchants,
  publicKey: KeyObject,
  signature: string,
  message: Uint8Array,
  parts: SignedParts,
): Explanation {
  if (!isBase64(signature)) return SIGNATURE_NOT_BASE64
  for (const { text, ...explanation } of wrongMessages(parts)) {
    if (verify(publicKey, Buffer.from(text, 'utf8'), signature)) return explanation
  }
  const other = merchants.all().find((merchant) => verify(merchant.publicKey, message, signature))
  if (other) {
    return {
      cause: 'other_merchant_key',
      differs_in: 'key',
      en: `The message is right, but it was signed with the private key of merchant ${other.mchid} (serial ${other.serial_no}).`,
      zh: `签名串正确，但使用了商户 ${other.mchid}（证书序列号 ${other.serial_no}）的私钥签名。`,
    }
  }
  return wrongAlgorithm(publicKey, signature, message) ?? (madeBy(publicKey, signature) ? MESSAGE_DIFFERS : KEY_DIFFERS)
}

const SIGNATURE_NOT_BASE64: Explanation = {
  cause: 'signature_not_base64',
  differs_in: 'algorithm',
  en: 'The signature is not base64 (standard alphabet, with padding, no line breaks).',
  zh: '签名值不是合法的 Base64（标准字母表、带填充、不换行）。',
}

const MESSAGE_DIFFERS: Explanation = {
  cause: 'message_differs',
  en: 'The signature was made with the right key but over another message: compare yours with the canonical string below, byte by byte.',
  zh: '签名私钥正确，但签名串与收到的请求不一致：请与下方的规范签名串逐字节比较。',
}

const KEY_DIFFERS: Explanation = {
  cause: 'key_differs',
  differs_in: 'key',
  en: 'The signature was not made with the private key of this serial_no: another key, or not SHA256withRSA (PKCS#1 v1.5).',
  zh: '签名不是用该 serial_no 对应的商户私钥生成的：私钥不匹配，或算法不是 SHA256withRSA（PKCS#1 v1.5）。',
}
