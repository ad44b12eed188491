// Files of bills behind tokens: each belongs to one merchant and can be fetched for five minutes (v3-endpoints §5.1–5.2).

import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type BillTable, formatBillTable } from '@cashdesk/protocol'
import type { BillAnswer } from '@cashdesk/protocol/spec'
import type { Clock } from '../../ports/clock.ts'
import { type Random, randomHex } from '../../ports/random.ts'
import { Refusal } from '../refusal.ts'

export const BILL_FILE_PATH = '/v3/billdownload/file'

const LIFE_MS = 5 * 60 * 1000

export interface BillFiles {
  /** `origin`: where the client reaches this WeChat. The hash is that of the uncompressed file. */
  publish(mchid: string, table: BillTable, how: { gzip: boolean; origin: string }): BillAnswer
  /** @throws Refusal when the token is unknown, too old, or another merchant's */
  fetch(mchid: string, token: string): Buffer
  reset(): void
}

export function createBillFiles(clock: Clock, random: Random): BillFiles {
  const files = new Map<string, { mchid: string; bytes: Buffer; expires_at: number }>()

  /** Kept in order of age; a while longer than they live, so that an old token is told apart from an unknown one. */
  const forgetOld = (): void => {
    for (const [token, { expires_at }] of files) {
      if (clock.now() < expires_at + LIFE_MS) return
      files.delete(token)
    }
  }

  return {
    publish(mchid, table, { gzip, origin }) {
      forgetOld()
      const text = Buffer.from(formatBillTable(table), 'utf8')
      const token = randomHex(random, 32)
      files.set(token, { mchid, bytes: gzip ? gzipSync(text) : text, expires_at: clock.now() + LIFE_MS })
      return {
        hash_type: 'SHA1',
        hash_value: createHash('sha1').update(text).digest('hex'),
        download_url: `${origin}${BILL_FILE_PATH}?token=${token}${gzip ? '&tartype=gzip' : ''}`,
      }
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
