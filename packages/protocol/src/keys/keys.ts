// Key material, parsed once: PEM and the APIv3 key become KeyObjects, a certificate becomes its serial, key and validity.

import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject, X509Certificate } from 'node:crypto'
import { KeyError } from '../errors.ts'
import { pemIn, refused, type Wanted } from './pem.ts'

/**
 * A merchant API private key (`apiclient_key.pem`, RSA 2048), also with `\\n` as two characters or without line feeds.
 * @throws KeyError ERR_KEY_INVALID, which says what the text is instead
 */
export function privateKey(pem: string): KeyObject {
  return parse('merchant private key', 'private key', pem, (text) => requireRsa(createPrivateKey(text)))
}

/** A WeChat Pay public key (`pub_key.pem`). @throws KeyError ERR_KEY_INVALID */
export function publicKey(pem: string): KeyObject {
  return parse('WeChat Pay public key', 'public key', pem, (text) => requireRsa(createPublicKey(text)))
}

/** The APIv3 key: 32 ASCII characters used as 32 bytes, never hex-decoded (v3-protocol §8). @throws KeyError ERR_KEY_INVALID */
export function apiV3Key(text: string): KeyObject {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length !== 32)
    throw new KeyError('ERR_KEY_INVALID', {
      what: 'APIv3 key',
      problem: `needs 32 bytes, has ${bytes.length}`,
      problem_zh: `须为 32 字节，当前 ${bytes.length} 字节`,
    })
  return createSecretKey(bytes)
}

export interface Certificate {
  /** Upper-case hex, leading zeros kept. */
  serial_no: string
  /** The subject's common name: the merchant number in a merchant's certificate. Empty if there is none. */
  common_name: string
  publicKey: KeyObject
  /** Epoch milliseconds. */
  notBefore: number
  notAfter: number
}

/** An X.509 certificate in PEM. @throws KeyError ERR_KEY_INVALID */
export function certificate(pem: string): Certificate {
  return parse('certificate', 'certificate', pem, (text) => {
    const x509 = new X509Certificate(text)
    return {
      serial_no: x509.serialNumber.toUpperCase(),
      common_name: /^CN=(.+)$/m.exec(x509.subject)?.[1] ?? '',
      publicKey: requireRsa(x509.publicKey),
      notBefore: x509.validFromDate.getTime(),
      notAfter: x509.validToDate.getTime(),
    }
  })
}

function requireRsa(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048) {
    const problem = { problem: 'needs RSA of 2048 bits or more', problem_zh: '须为 2048 位或以上的 RSA 密钥' }
    throw new KeyError('ERR_KEY_INVALID', { ...problem, type: key.asymmetricKeyType, bits })
  }
  return key
}

function parse<T>(what: string, wanted: Wanted, text: string, read: (pem: string) => T): T {
  const pem = pemIn(text, wanted, what)
  try {
    return read(pem)
  } catch (cause) {
    if (cause instanceof KeyError) throw cause
    // OpenSSL's error text may quote the key, so it is not passed on.
    throw refused('unreadable', what)
  }
}
