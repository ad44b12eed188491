// Returns of shares. Only merchants return them; a return succeeds at once, or fails when the receiver has too little money (v3-endpoints §6).

import type { ShareReturnRequest } from '@cashdesk/protocol/spec'
import { randomDigits } from '../../ports/random.ts'
import { canonical } from '../canonical.ts'
import type { Part } from '../kept/part.ts'
import { invalidRequest } from '../refusal.ts'
import { bookReturn } from './money.ts'
import { returnNews } from './news.ts'
import { checkReturn } from './rules.ts'
import type { ReturnRecord, ShareRecord } from './share.ts'
import type { SharingWorld } from './sharing.ts'

export interface ShareReturns extends Part<readonly ReturnRecord[]> {
  /** Makes a return, or gives the existing one when the request is repeated. @throws Refusal */
  create(share: ShareRecord, request: ShareReturnRequest): ReturnRecord
  find(mchid: string, out_return_no: string): ReturnRecord | undefined
}

const TASK = 'share_return'

export function createShareReturns(world: SharingWorld, notifyUrls: ReadonlyMap<string, string>): ShareReturns {
  const { clock, random, behaviour, agenda, trades, ledger, notifier, journal } = world
  const byNumber = new Map<string, ReturnRecord>()
  const byShare = new Map<string, ReturnRecord[]>()

  const keep = (record: ReturnRecord): void => {
    byNumber.set(`${record.mchid}/${record.out_return_no}`, record)
    byShare.set(record.order_id, [...(byShare.get(record.order_id) ?? []), record])
    journal.put('returns', record)
  }

  const finish = (record: ReturnRecord, at: number): void => {
    const trade = trades.findByTransactionId(record.transaction_id)
    if (!trade) throw new TypeError(`no trade ${record.transaction_id}`)
    record.finished_at = at
    journal.put('returns', record)
    if (ledger.balance(record.return_mchid, 'BASIC').available < record.amount) {
      Object.assign(record, { result: 'FAILED', fail_reason: 'BALANCE_NOT_ENOUGH' })
      return
    }
    record.result = 'SUCCESS'
    bookReturn(world, trade, record, at)
    const notify_url = notifyUrls.get(record.return_mchid)
    if (notify_url !== undefined) notifier.announce(returnNews(record, trade, notify_url, at))
  }

  agenda.on(TASK, (key, at) => {
    const record = byNumber.get(key)
    if (record?.result === 'PROCESSING') finish(record, at)
  })

  const reset = (): void => {
    byNumber.clear()
    byShare.clear()
  }

  return {
    create(share, request) {
      const key = `${share.mchid}/${request.out_return_no}`
      const fingerprint = canonical(request)
      const known = byNumber.get(key)
      if (known && known.fingerprint !== fingerprint) throw invalidRequest('回退请求与原请求不一致')
      if (known) return known
      const now = clock.now()
      checkReturn(share, request, byShare.get(share.order_id) ?? [], world.known(request.return_mchid), now)
      const record: ReturnRecord = {
        mchid: share.mchid,
        ...(share.sub_mchid !== undefined && { sub_mchid: share.sub_mchid }),
        order_id: share.order_id,
        out_order_no: share.out_order_no,
        out_return_no: request.out_return_no,
        return_id: `3009${randomDigits(random, 24)}`,
        return_mchid: request.return_mchid,
        fingerprint,
        transaction_id: share.transaction_id,
        amount: request.amount,
        description: request.description,
        result: 'PROCESSING',
        created_at: now,
      }
      keep(record)
      // `sentinel:PROCESSING` plays the rare slow return. Repeating the request later gives its result.
      if (request.description.startsWith('sentinel:PROCESSING')) agenda.plan(now + behaviour.share_delay_ms, TASK, key)
      else finish(record, now)
      return record
    },
    find: (mchid, out_return_no) => byNumber.get(`${mchid}/${out_return_no}`),
    save: () => [...byNumber.values()],
    restore(records) {
      reset()
      for (const record of records) keep(record)
    },
    reset,
  }
}
