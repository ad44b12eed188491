// Key material, parsed once: PEM and the APIv3 key become KeyObjects, a certificate becomes its serial, key and validity.

import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject, X509Certificate } from 'node:crypto'
import { KeyError } from '../errors.ts'

/** A merchant API private key (`apiclient_key.pem`, RSA 2048). @throws KeyError ERR_KEY_INVALID */
export function privateKey(pem: string): KeyObject {
  return parse('merchant private key', () => requireRsa(createPrivateKey(pem)))
}

/** A WeChat Pay public key (`pub_key.pem`). @throws KeyError ERR_KEY_INVALID */
export function publicKey(pem: string): KeyObject {
  return parse('WeChat Pay public key', () => requireRsa(createPublicKey(pem)))
}

/** The APIv3 key: 32 ASCII characters used as 32 bytes, never hex-decoded (v3-protocol §8). @throws KeyError ERR_KEY_INVALID */
export function apiV3Key(text: string): KeyObject {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length !== 32) throw new KeyError('ERR_KEY_INVALID', { what: 'APIv3 key', problem: `needs 32 bytes, has ${bytes.length}` })
  return createSecretKey(bytes)
}

export interface Certificate {
  /** Upper-case hex, leading zeros kept. */
  serial_no: string
  publicKey: KeyObject
  /** Epoch milliseconds. */
  notBefore: number
  notAfter: number
}

/** An X.509 certificate in PEM. @throws KeyError ERR_KEY_INVALID */
export function certificate(pem: string): Certificate {
  return parse('certificate', () => {
    const x509 = new X509Certificate(pem)
    return {
      serial_no: x509.serialNumber.toUpperCase(),
      publicKey: requireRsa(x509.publicKey),
      notBefore: x509.validFromDate.getTime(),
      notAfter: x509.validToDate.getTime(),
    }
  })
}

function requireRsa(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048) {
    throw new KeyError('ERR_KEY_INVALID', { problem: 'needs RSA of 2048 bits or more', type: key.asymmetricKeyType, bits })
  }
  return key
}

function parse<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof KeyError) throw cause
    // OpenSSL's text may quote its input, so it is not passed on.
    throw new KeyError('ERR_KEY_INVALID', { what, problem: 'not readable as PEM' })
  }
}
