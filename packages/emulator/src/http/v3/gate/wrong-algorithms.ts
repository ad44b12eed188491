// Finds signatures made with the right key but a wrong algorithm (v3-protocol §2 requires SHA256withRSA, PKCS#1 v1.5).

import { constants, type KeyObject, publicDecrypt, verify } from 'node:crypto'
import type { Explanation } from './explanation.ts'

export function wrongAlgorithm(publicKey: KeyObject, signature: string, message: Uint8Array): Explanation | undefined {
  const bytes = Buffer.from(signature, 'base64')
  if (verify('RSA-SHA256', message, { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING }, bytes)) {
    return {
      cause: 'padding_pss',
      differs_in: 'algorithm',
      en: 'Signed with RSA-PSS; WeChat Pay wants PKCS#1 v1.5 (SHA256withRSA).',
      zh: '使用了 RSA-PSS 填充；微信支付要求 PKCS#1 v1.5（SHA256withRSA）。',
    }
  }
  for (const hash of ['RSA-SHA1', 'RSA-SHA512', 'RSA-MD5']) {
    if (!verify(hash, message, publicKey, bytes)) continue
    return {
      cause: 'hash',
      differs_in: 'algorithm',
      en: `Signed with ${hash.slice(4)}; WeChat Pay wants SHA256.`,
      zh: `使用了 ${hash.slice(4)} 摘要；微信支付要求 SHA256。`,
    }
  }
  return undefined
}

/** Whether the holder of the private key made this signature, over any message: only then does the public key reveal valid padding. */
export function madeBy(publicKey: KeyObject, signature: string): boolean {
  try {
    publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(signature, 'base64'))
    return true
  } catch {
    return false
  }
}
