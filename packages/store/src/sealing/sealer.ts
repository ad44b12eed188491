// Seals stored values that identify a person: AES-256-GCM under a data key. A value sealed for one row and column cannot be opened elsewhere, so it cannot
// be moved to another row. The initialisation vector is random: a value is written once, and an unchanged value is not written again (decision 0011).

import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { StoreError } from '../port/error.ts'

export interface DataKey {
  /** Identifies the key without revealing it; precedes each value that it sealed. */
  id: string
  key: KeyObject
}

export interface Sealer {
  /** `place` is the table, column and key of the row. */
  seal(text: string, ...place: string[]): string
  /** Text that was written before there was a key is plain and returned as it is. @throws StoreError STORE_KEY */
  open(text: string, ...place: string[]): string
  /** Whether the text was sealed; it is plain text otherwise. */
  isSealed(text: string): boolean
}

const MARK = 'enc1:'
const IV_BYTES = 12
const TAG_BYTES = 16

/** Makes a data key from 32 bytes in base64. @throws StoreError STORE_KEY when the text is no such key */
export function dataKey(base64: string): DataKey {
  const bytes = Buffer.from(base64.trim(), 'base64')
  if (bytes.length !== 32) {
    throw new StoreError(
      'STORE_KEY',
      'A data key is 32 random bytes in base64 (openssl rand -base64 32); this one is not.\n数据密钥应为 32 字节随机数的 base64（openssl rand -base64 32）。',
    )
  }
  const key = createSecretKey(bytes)
  return { id: createHmac('sha256', key).update('cashdesk data key').digest('base64url').slice(0, 8), key }
}

/** The first key of the ring seals, all keys open; without keys text stays plain. Keys may be added to the ring later. */
export function sealerOver(ring: readonly DataKey[], random: (bytes: number) => Uint8Array): Sealer {
  return {
    seal(text, ...place) {
      const [first] = ring
      if (!first) return text
      const iv = random(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', first.key, iv).setAAD(aad(place))
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${MARK}${first.id}:${sealed.toString('base64url')}`
    },
    open(text, ...place) {
      if (!text.startsWith(MARK)) return text
      const [id = '', sealed = ''] = text.slice(MARK.length).split(':')
      const known = ring.find((one) => one.id === id)
      if (!known) throw missing([id])
      return unsealed(known.key, Buffer.from(sealed, 'base64url'), place)
    },
    isSealed: (text) => text.startsWith(MARK),
  }
}

/** For commands that do not need sealed values. It throws, so that they cannot write plain text by mistake. */
export const NO_SEALER: Sealer = {
  seal() {
    throw new TypeError('opened without data keys')
  },
  open() {
    throw new TypeError('opened without data keys')
  },
  isSealed: (text) => text.startsWith(MARK),
}

function unsealed(key: KeyObject, bytes: Buffer, place: readonly string[]): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(aad(place)).setAuthTag(bytes.subarray(-TAG_BYTES))
    return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch (cause) {
    throw new StoreError(
      'STORE_KEY',
      `A sealed value in ${place[0]} does not open: it was changed, or moved from another row. Restore the row from a backup.\n${place[0]} 中的一个加密值无法解开：它被改动，或来自另一行。请从备份恢复该行。`,
      { cause },
    )
  }
}

export function missing(ids: readonly string[]): StoreError {
  return new StoreError(
    'STORE_KEY',
    `The database holds values sealed with data key ${ids.join(', ')}, which is not there. Put the key file back beside the database, or name the key in data_keys; nothing was written.\n数据库中的值由数据密钥 ${ids.join(', ')} 加密，但该密钥不在。请将密钥文件放回数据库旁，或写入 data_keys；未写入任何内容。`,
  )
}

/** No part contains a line break, so different places always give different bytes. */
function aad(place: readonly string[]): Buffer {
  return Buffer.from(place.join('\n'))
}
