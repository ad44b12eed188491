// Profit sharing: shares and unfreezes that finish later, returns that succeed at once, money that is unfrozen after 30 days (v3-endpoints §6).

import { beijingTime } from '@cashdesk/protocol'
import type { ShareReceiver, ShareRequest, UnfreezeRequest } from '@cashdesk/protocol/spec'
import type { Clock } from '../../ports/clock.ts'
import { type Random, randomDigits } from '../../ports/random.ts'
import type { Agenda } from '../agenda.ts'
import type { Behaviour } from '../behaviour.ts'
import { canonical } from '../canonical.ts'
import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'
import type { Notifier } from '../notifications/notifier.ts'
import { ownerOf, type Trade, type Trades } from '../orders/trades.ts'
import { invalidRequest } from '../refusal.ts'
import { type Books, bookShare, bookUnfreeze } from './money.ts'
import { shareNews } from './news.ts'
import { createReceivers, type Receivers } from './receivers.ts'
import { checkShare, checkUnfreeze } from './rules.ts'
import type { ShareRecord } from './share.ts'

export interface Sharing extends Part<readonly ShareRecord[]> {
  receivers: Receivers
  /** By number of the receiving merchant: the address for its notifications, set in its merchant platform and not per request. */
  notifyUrls: Map<string, string>
  /**
   * Makes a share. `names` are the receivers' names in plain text:
   * the same name encrypts to different text each time, so repeated requests are compared by the plain one. @throws Refusal
   */
  share(trade: Trade, request: ShareRequest, names: readonly (string | undefined)[]): ShareRecord
  /** Makes an unfreeze. @throws Refusal */
  unfreeze(trade: Trade, request: UnfreezeRequest): ShareRecord
  find(mchid: string, number: { order_id?: string | undefined; out_order_no?: string | undefined }): ShareRecord | undefined
  all(): readonly ShareRecord[]
}

export interface SharingWorld extends Books {
  clock: Clock
  random: Random
  behaviour: Behaviour
  agenda: Agenda
  trades: Trades
  notifier: Notifier
  journal: Journal
}

/** The kind of task that unfreezes a payment's money. The payment plans it. */
export const THAW_TASK = 'thaw'
const FINISH_TASK = 'share'

/** What WeChat tells as the time of a part that is not finished: the epoch (docs/reference/wechat/live-answers.md). */
const NOT_FINISHED = '1970-01-01T08:00:00+08:00'

export function createSharing(world: SharingWorld): Sharing {
  const { clock, random, behaviour, agenda, trades, notifier, journal } = world
  const byId = new Map<string, ShareRecord>()
  const byNumber = new Map<string, ShareRecord>()
  const receivers = createReceivers(journal)
  const notifyUrls = new Map<string, string>()

  const keep = (record: ShareRecord): ShareRecord => {
    byId.set(record.order_id, record)
    byNumber.set(`${record.mchid}/${record.out_order_no}`, record)
    journal.put('shares', record)
    return record
  }
  const number = (): string => `3008${randomDigits(random, 6)}${String(byId.size + 1).padStart(18, '0')}`
  const detail = (receiver: Pick<ShareReceiver, 'type' | 'account' | 'amount' | 'description'>): ShareRecord['receivers'][number] => ({
    type: receiver.type,
    account: receiver.account,
    amount: receiver.amount,
    description: receiver.description,
    result: 'PENDING',
    create_time: beijingTime(clock.now()),
    finish_time: NOT_FINISHED,
    detail_id: `3600${randomDigits(random, 24)}`,
  })
  /** The merchant as the receiver of everything that is still frozen, which can then no longer be shared. */
  const release = (trade: Trade): ShareRecord['receivers'][number] => {
    const self = { type: 'MERCHANT_ID', account: ownerOf(trade), amount: trade.frozen, description: '解冻给分账方' } as const
    trade.frozen = 0
    trade.unfrozen = true
    return detail(self)
  }
  const begin = (
    trade: Trade,
    record: Omit<ShareRecord, 'mchid' | 'order_id' | 'state' | 'created_at' | 'transaction_id'>,
  ): ShareRecord => {
    const { mchid, sub_mchid, transaction_id } = trade
    const order_id = number()
    agenda.plan(clock.now() + behaviour.share_delay_ms, FINISH_TASK, order_id)
    const sub = sub_mchid === undefined ? {} : { sub_mchid }
    return keep({ mchid, ...sub, order_id, transaction_id, state: 'PROCESSING', created_at: clock.now(), ...record })
  }

  agenda.on(FINISH_TASK, (order_id, at) => {
    const record = byId.get(order_id)
    const trade = trades.findByTransactionId(record?.transaction_id ?? '')
    if (!record || !trade) return
    record.state = 'FINISHED'
    for (const receiver of record.receivers) finishPart(trade, record, receiver, at)
    if (record.unfreeze_unsplit) thaw(trade, record, at)
    journal.put('shares', record)
    trades.changed(trade)
  })

  /** Finishes one receiver's part. Each part succeeds or fails by itself; a description like `sentinel:NO_RELATION` makes it fail. */
  const finishPart = (trade: Trade, record: ShareRecord, receiver: ShareRecord['receivers'][number], at: number): void => {
    receiver.finish_time = beijingTime(at)
    const fail_reason = /^sentinel:([A-Z_]+)/.exec(receiver.description)?.[1]
    if (fail_reason !== undefined) {
      Object.assign(receiver, { result: 'CLOSED', fail_reason })
      trade.frozen += receiver.amount
      trade.shared -= receiver.amount
      return
    }
    receiver.result = 'SUCCESS'
    if (record.kind === 'unfreeze' || receiver.detail_id === record.rest) {
      bookUnfreeze(world, trade, record, receiver.amount, at)
      return
    }
    bookShare(world, trade, record, { type: receiver.type, account: receiver.account }, receiver.amount, at)
    const notify_url = receiver.type === 'MERCHANT_ID' ? notifyUrls.get(receiver.account) : undefined
    if (notify_url !== undefined) notifier.announce(shareNews(record, receiver, notify_url, at))
  }

  const thaw = (trade: Trade, numbers: { order_id: string; out_order_no: string }, at: number): void => {
    const { frozen } = trade
    trade.unfrozen = true
    trade.frozen = 0
    trades.changed(trade)
    if (frozen > 0) bookUnfreeze(world, trade, numbers, frozen, at)
  }

  agenda.on(THAW_TASK, (transaction_id, at) => {
    const trade = trades.findByTransactionId(transaction_id)
    if (trade && !trade.unfrozen) thaw(trade, { order_id: transaction_id, out_order_no: '' }, at)
  })

  const reset = (): void => {
    byId.clear()
    byNumber.clear()
  }

  return {
    receivers,
    notifyUrls,
    share(trade, request, names) {
      const sealedless = request.receivers.map(({ name: _, ...receiver }, index) => ({ ...receiver, name: names[index] }))
      const fingerprint = canonical({ ...request, receivers: sealedless })
      const known = byNumber.get(`${trade.mchid}/${request.out_order_no}`)
      if (known) return same(known, fingerprint)
      const { mchid, sub_mchid } = trade
      checkShare(trade, request, ({ type, account }) => receivers.has({ mchid, sub_mchid, type, account }), behaviour, clock.now())
      const amount = request.receivers.reduce((sum, receiver) => sum + receiver.amount, 0)
      trade.frozen -= amount
      trade.shared += amount
      trade.share_requests += 1
      const { out_order_no, unfreeze_unsplit } = request
      const parts = request.receivers.map(detail)
      const rest = unfreeze_unsplit && trade.frozen > 0 ? release(trade) : undefined
      trades.changed(trade)
      const listed = rest ? [...parts, rest] : parts
      const released = rest?.detail_id === undefined ? {} : { rest: rest.detail_id }
      return begin(trade, { kind: 'share', out_order_no, fingerprint, unfreeze_unsplit, receivers: listed, ...released })
    },
    unfreeze(trade, request) {
      const { out_order_no } = request
      const known = byNumber.get(`${trade.mchid}/${out_order_no}`)
      // A known number gives that record and unfreezes nothing, also when it is a share's number (v3-endpoints §6).
      if (known) return known
      checkUnfreeze(trade)
      const self = release(trade)
      trades.changed(trade)
      return begin(trade, { kind: 'unfreeze', out_order_no, fingerprint: '', unfreeze_unsplit: false, receivers: [self] })
    },
    find: (mchid, { order_id, out_order_no }) => {
      if (order_id === undefined) return byNumber.get(`${mchid}/${out_order_no}`)
      const record = byId.get(order_id)
      return record?.mchid === mchid ? record : undefined
    },
    all: () => [...byId.values()],
    save: () => [...byId.values()],
    restore(records) {
      reset()
      for (const record of records) keep(record)
    },
    reset,
  }
}

function same(known: ShareRecord, fingerprint: string): ShareRecord {
  if (known.fingerprint === fingerprint) return known
  throw invalidRequest('分账接收方与原请求不一致')
}
