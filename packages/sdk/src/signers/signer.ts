// The signer of requests: an interface, because a key may live in a KMS, and the usual signer with a key in memory.

import { openSensitive, privateKey as parsePrivateKey, sign } from '@cashdesk/protocol'

export interface Signer {
  /** Serial number of the merchant API certificate that belongs to the key. */
  readonly serial_no: string
  /** The Base64 of SHA256withRSA over `message`. */
  sign(message: Uint8Array): Promise<string>
  /** Decrypts a text that was encrypted for this key's certificate. Needed only if WeChat sends sensitive fields. */
  open?(ciphertext: string): Promise<string>
}

/** A signer over the PEM of `apiclient_key.pem`, parsed once. @throws KeyError if the PEM is unusable. */
export function localSigner(serial_no: string, privateKeyPem: string): Signer {
  if (!/^[0-9A-Fa-f]{8,40}$/.test(serial_no))
    throw new TypeError('serial_no must be the hexadecimal serial number of the merchant API certificate')
  const key = parsePrivateKey(privateKeyPem)
  return {
    serial_no: serial_no.toUpperCase(),
    sign: (message) => sign(key, message),
    open: async (ciphertext) => openSensitive(key, ciphertext),
  }
}
