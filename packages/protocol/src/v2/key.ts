// The APIv2 key: 32 characters shared by merchant and WeChat. It is not the APIv3 key (v2-protocol §1).

import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { KeyError } from '../errors.ts'

/** Stored as a KeyObject, so that logging an object does not print it. @throws KeyError ERR_KEY_INVALID */
export function apiV2Key(text: string): KeyObject {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length !== 32) throw new KeyError('ERR_KEY_INVALID', { what: 'APIv2 key', problem: `needs 32 bytes, has ${bytes.length}` })
  return createSecretKey(bytes)
}

/**
 * The key of req_info: the 32 ASCII characters of the lower-case hex MD5 of the APIv2 key (v2-protocol §11).
 * The hex stays text: as a number it would lose leading zeros.
 */
export function reqInfoKey(key: KeyObject): KeyObject {
  return createSecretKey(Buffer.from(createHash('md5').update(key.export()).digest('hex'), 'ascii'))
}
