// A signed v2 message: fields → XML with signature, and back.

import type { KeyObject } from 'node:crypto'
import { type Fields, formatFields, readFields } from '../xml/fields.ts'
import { assertSignedV2, type Signable, type SignType, signV2 } from './sign.ts'

/** The key and algorithm of the signature. */
export interface V2Trust {
  key: KeyObject
  signType: SignType
}

/** The XML of these fields with their signature. Empty fields are left out, as the signature leaves them out. */
export function sealV2({ key, signType }: V2Trust, fields: Signable): string {
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''))
  return formatFields({ ...present, sign: signV2(key, signType, present) })
}

/** The fields, after their signature was verified. @throws MessageError ERR_XML_FORMAT, SignatureError */
export function openV2({ key, signType }: V2Trust, xml: Uint8Array | string): Fields {
  const fields = readFields(xml)
  assertSignedV2(key, signType, fields)
  return fields
}
