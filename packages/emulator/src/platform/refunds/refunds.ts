// All refunds: creating, finishing later, finding. Each step is written in the ledger (v3-endpoints §4).

import { beijingTime } from '@cashdesk/protocol'
import type { AbnormalRefundRequest, RefundRequest } from '@cashdesk/protocol/spec'
import type { Clock } from '../../ports/clock.ts'
import { type Random, randomDigits } from '../../ports/random.ts'
import type { Agenda } from '../agenda.ts'
import type { Behaviour } from '../behaviour.ts'
import { canonical } from '../canonical.ts'
import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'
import type { Ledger, RefundEntry } from '../ledger.ts'
import type { Notifier } from '../notifications/notifier.ts'
import type { Orders } from '../orders/orders.ts'
import { ownerOf, type Trade, type Trades } from '../orders/trades.ts'
import { invalidRequest } from '../refusal.ts'
import { v2RefundNews } from '../v2/refund.ts'
import { type FinalStatus, type RefundRecord, refundNews } from './refund.ts'
import { checkRefund, feeBack, takeMoney } from './refund-rules.ts'

export interface Refunds extends Part<readonly RefundRecord[]> {
  /** Makes a refund, or gives the existing one when the request is repeated. @throws Refusal */
  create(trade: Trade, request: RefundRequest, version?: 'v2' | 'v3'): RefundRecord
  /** Makes a refund as the merchant console does. It is notified only to the address in `notifyUrls`. @throws Refusal */
  createExternally(trade: Trade, refund: { amount: number; out_refund_no?: string | undefined; outcome?: FinalStatus }): RefundRecord
  find(mchid: string, out_refund_no: string): RefundRecord | undefined
  findById(refund_id: string): RefundRecord | undefined
  /** Sends the money of an ABNORMAL refund to another account. @throws Refusal */
  applyAbnormal(record: RefundRecord, type: AbnormalRefundRequest['type']): RefundRecord
  /** Finishes a PROCESSING refund now. Returns whether it was PROCESSING. */
  finish(refund_id: string, status: FinalStatus): boolean
  /** By the number that signs: the address set in the merchant platform, which is notified over v2 of refunds without notify_url (v3-notifications §6). */
  notifyUrls: Map<string, string>
  all(): readonly RefundRecord[]
}

export interface RefundWorld {
  clock: Clock
  random: Random
  behaviour: Behaviour
  agenda: Agenda
  ledger: Ledger
  trades: Trades
  orders: Orders
  notifier: Notifier
  journal: Journal
}

const TASK = 'refund'

export function createRefunds(world: RefundWorld): Refunds {
  const { clock, behaviour, agenda, ledger, trades, orders, notifier, journal } = world
  const byId = new Map<string, RefundRecord>()
  const byNumber = new Map<string, RefundRecord>()
  const notifyUrls = new Map<string, string>()

  const keep = (record: RefundRecord): void => {
    byId.set(record.refund_id, record)
    byNumber.set(`${record.mchid}/${record.out_refund_no}`, record)
    journal.put('refunds', record)
  }

  const make = (trade: Trade, request: RefundRequest, by: 'v2' | 'v3' | 'console'): RefundRecord => {
    const now = clock.now()
    const last = byId.get(trade.refund_ids.at(-1) ?? '')
    const situation = { trade, last, behaviour, now, balance: ledger.balance(ownerOf(trade), 'BASIC') }
    checkRefund(situation, request)
    const fee = feeBack(trade, request.amount.refund)
    const taken = takeMoney(situation, request, fee)
    const record = newRecord(world, trade, request, { fee, taken, number: byId.size + 1, by })
    keep(record)
    trade.refund_ids.push(record.refund_id)
    trade.refunded += record.refund
    trade.fee_returned += fee
    trade.frozen -= taken.frozen
    trades.changed(trade)
    // Subtracted from 0, because JSON turns -0 into 0, and a restored state would differ.
    append(ledger, trade, record, 'refund', { available: 0 - taken.available, frozen: 0 - taken.frozen }, now)
    if (behaviour.trade_state_refund === 'request') orders.recordRefund(trade.mchid, trade.transaction_id)
    agenda.plan(now + behaviour.refund_delay_ms, TASK, record.refund_id)
    return record
  }

  const finish = (record: RefundRecord, status: FinalStatus, at: number): void => {
    const trade = trades.findByTransactionId(record.transaction_id)
    if (!trade) throw new TypeError(`no trade ${record.transaction_id}`)
    record.status = status
    record.finished_at = at
    journal.put('refunds', record)
    const back = status === 'CLOSED' ? giveBack(trades, trade, record) : { available: 0, frozen: 0 }
    append(ledger, trade, record, 'refund_result', back, at)
    if (status === 'SUCCESS') orders.recordRefund(trade.mchid, trade.transaction_id)
    tell(record, trade, status)
  }

  const tell = (record: RefundRecord, trade: Trade, status: FinalStatus): void => {
    const notify_url = record.notify_url ?? notifyUrls.get(record.mchid)
    if (notify_url === undefined) return
    const overV3 = record.notify_url !== undefined && !record.v2
    notifier.announce(overV3 ? refundNews(record, notify_url, status) : v2RefundNews(record, trade, notify_url))
  }

  agenda.on(TASK, (refund_id, at) => {
    const record = byId.get(refund_id)
    // It may have been finished by hand in the meantime.
    if (record?.status === 'PROCESSING') finish(record, record.outcome, at)
  })

  const reset = (): void => {
    byId.clear()
    byNumber.clear()
  }

  return {
    create(trade, request, version = 'v3') {
      const known = byNumber.get(`${trade.mchid}/${request.out_refund_no}`)
      if (!known) return make(trade, request, version)
      if (known.fingerprint === canonical(request)) return known
      throw invalidRequest('订单金额或退款金额与之前请求不一致，请核实后再试')
    },
    createExternally(trade, { amount, out_refund_no, outcome }) {
      const request: RefundRequest = {
        transaction_id: trade.transaction_id,
        out_refund_no: out_refund_no ?? `console${randomDigits(world.random, 12)}`,
        ...(outcome && { reason: `sentinel:${outcome}` }),
        amount: { refund: amount, total: trade.total, currency: 'CNY' },
      }
      return make(trade, request, 'console')
    },
    find: (mchid, out_refund_no) => byNumber.get(`${mchid}/${out_refund_no}`),
    findById: (refund_id) => byId.get(refund_id),
    applyAbnormal(record, type) {
      if (record.status !== 'ABNORMAL') throw invalidRequest('退款单状态不是退款异常，不能发起异常退款')
      record.status = 'PROCESSING'
      record.outcome = 'SUCCESS'
      record.channel = type === 'USER_BANK_CARD' ? 'OTHER_BANKCARD' : 'OTHER_BALANCE'
      delete record.finished_at
      journal.put('refunds', record)
      agenda.plan(clock.now() + behaviour.refund_delay_ms, TASK, record.refund_id)
      return record
    },
    finish(refund_id, status) {
      const record = byId.get(refund_id)
      if (record?.status !== 'PROCESSING') return false
      finish(record, status, clock.now())
      return true
    },
    notifyUrls,
    all: () => [...byId.values()],
    save: () => [...byId.values()],
    restore(records) {
      reset()
      for (const record of records) keep(record)
    },
    reset,
  }
}

interface Made {
  fee: number
  taken: { available: number; frozen: number }
  number: number
  by: 'v2' | 'v3' | 'console'
}

function newRecord({ clock, random }: RefundWorld, trade: Trade, request: RefundRequest, made: Made): RefundRecord {
  const created_at = clock.now()
  const day = beijingTime(created_at).slice(0, 10).replaceAll('-', '')
  return {
    mchid: trade.mchid,
    ...(trade.sub_mchid !== undefined && { sub_mchid: trade.sub_mchid }),
    // 29 digits starting with 50, as in WeChat's example.
    refund_id: `5030${randomDigits(random, 5)}${day}${String(made.number).padStart(12, '0')}`,
    out_refund_no: request.out_refund_no,
    fingerprint: canonical(request),
    transaction_id: trade.transaction_id,
    out_trade_no: trade.out_trade_no,
    ...(request.notify_url !== undefined && { notify_url: request.notify_url }),
    created_at,
    status: 'PROCESSING',
    outcome: outcomeOf(request.reason),
    channel: 'ORIGINAL',
    funds_account: made.taken.frozen > 0 ? 'UNAVAILABLE' : (request.funds_account ?? 'UNSETTLED'),
    total: trade.total,
    refund: request.amount.refund,
    fee: made.fee,
    ...(request.amount.from && { from: request.amount.from }),
    taken: made.taken,
    external: made.by === 'console',
    ...(made.by === 'v2' && { v2: true }),
  }
}

/** A reason that begins with `sentinel:ABNORMAL` or `sentinel:CLOSED` sets the final status. */
function outcomeOf(reason: string | undefined): FinalStatus {
  if (reason?.startsWith('sentinel:ABNORMAL')) return 'ABNORMAL'
  return reason?.startsWith('sentinel:CLOSED') ? 'CLOSED' : 'SUCCESS'
}

/** Undoes a closed refund: the money returns to where it was taken from, frozen or available, and can be refunded again. */
function giveBack(trades: Trades, trade: Trade, { taken, refund, fee }: RefundRecord): { available: number; frozen: number } {
  const frozen = trade.unfrozen ? 0 : taken.frozen
  trade.refunded -= refund
  trade.fee_returned -= fee
  trade.frozen += frozen
  trades.changed(trade)
  return { available: taken.available + taken.frozen - frozen, frozen }
}

function append(
  ledger: Ledger,
  trade: Trade,
  record: RefundRecord,
  kind: RefundEntry['kind'],
  change: { available: number; frozen: number },
  now: number,
): void {
  const { mchid, sub_mchid, out_trade_no, transaction_id, out_refund_no, refund_id, status, refund, total, fee } = record
  ledger.append(
    {
      kind,
      mchid,
      ...(sub_mchid !== undefined && { sub_mchid }),
      out_trade_no,
      transaction_id,
      out_refund_no,
      refund_id,
      status,
      amount: { refund, total, currency: 'CNY' },
      fee,
      movements: [{ owner: ownerOf(trade), account: 'BASIC', ...change }],
    },
    now,
  )
}
