// Bill files behind download tokens. Each file belongs to one merchant and can be fetched for five minutes (v3-endpoints §5.1–5.2).

import { createCipheriv, createHash, type KeyObject } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type BillTable, formatBillTable, sealSensitive } from '@cashdesk/protocol'
import type { BillAnswer, SubMerchantBillAnswer } from '@cashdesk/protocol/spec'
import type { Clock } from '../../ports/clock.ts'
import { type Random, randomHex } from '../../ports/random.ts'
import { Refusal } from '../refusal.ts'

export const BILL_FILE_PATH = '/v3/billdownload/file'

const LIFE_MS = 5 * 60 * 1000

export interface BillFiles {
  /** Stores the bill and gives its download URL. `origin` is the address under which the client reaches us. The hash is that of the uncompressed file. */
  publish(mchid: string, table: BillTable, how: { gzip: boolean; origin: string }): BillAnswer
  /** As `publish`, but encrypted for a service provider under a key of its own (v3-endpoints §5.3; how WeChat encrypts it is not verified). */
  publishSealed(mchid: string, table: BillTable, how: { gzip: boolean; origin: string; publicKey: KeyObject }): SubMerchantBillAnswer
  /** The file behind the token. @throws Refusal when the token is unknown, too old, or another merchant's */
  fetch(mchid: string, token: string): Buffer
  reset(): void
}

export function createBillFiles(clock: Clock, random: Random): BillFiles {
  const files = new Map<string, { mchid: string; bytes: Buffer; expires_at: number }>()

  /** Files are ordered by age. They are kept for a while after they expire, so that an expired token can be distinguished from an unknown one. */
  const forgetOld = (): void => {
    for (const [token, { expires_at }] of files) {
      if (clock.now() < expires_at + LIFE_MS) return
      files.delete(token)
    }
  }

  const keep = (mchid: string, bytes: Buffer, gzip: boolean, origin: string): string => {
    forgetOld()
    const token = randomHex(random, 32)
    files.set(token, { mchid, bytes, expires_at: clock.now() + LIFE_MS })
    return `${origin}${BILL_FILE_PATH}?token=${token}${gzip ? '&tartype=gzip' : ''}`
  }

  return {
    publish(mchid, table, { gzip, origin }) {
      const text = textOf(table)
      return { ...hashOf(text), download_url: keep(mchid, gzip ? gzipSync(text) : text, gzip, origin) }
    },
    publishSealed(mchid, table, { gzip, origin, publicKey }) {
      const text = textOf(table)
      const [key, nonce] = [randomHex(random, 16), randomHex(random, 6)]
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const sealed = Buffer.concat([cipher.update(gzip ? gzipSync(text) : text), cipher.final(), cipher.getAuthTag()])
      const bill = {
        bill_sequence: 1,
        ...hashOf(text),
        download_url: keep(mchid, sealed, gzip, origin),
        encrypt_key: sealSensitive(publicKey, key),
        nonce,
      }
      return { download_bill_count: 1, download_bill_list: [bill] }
    },
    fetch(mchid, token) {
      const file = files.get(token)
      if (!file) throw new Refusal(400, 'INVALID_REQUEST', '账单下载地址无效，请重新申请')
      if (file.mchid !== mchid || clock.now() >= file.expires_at) throw new Refusal(403, 'NO_AUTH', '无权限下载该账单，或下载地址已过期')
      return file.bytes
    },
    reset: () => files.clear(),
  }
}

function textOf(table: BillTable): Buffer {
  return Buffer.from(formatBillTable(table), 'utf8')
}

function hashOf(text: Buffer): { hash_type: 'SHA1'; hash_value: string } {
  return { hash_type: 'SHA1', hash_value: createHash('sha1').update(text).digest('hex') }
}
