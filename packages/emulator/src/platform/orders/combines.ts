// All combined orders: placing, finding, closing, and the sub-orders of each (v3-endpoints §7).

import type { CombineClose, CombineOrder } from '@cashdesk/protocol/spec'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import { canonical } from '../canonical.ts'
import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'
import { invalidRequest, Refusal } from '../refusal.ts'
import { type Combine, combineStateOf } from './combine.ts'
import { PREPAY_LIFE_MS } from './order.ts'
import { AUTO_CLOSE_MS, DAY_MS, expiry, newPrepay, reentered } from './prepay.ts'

export interface Combines extends Part<readonly Combine[]> {
  /** Places a combined order and gives its prepay_id. `taken` says whether a single order has this number. @throws Refusal */
  place(body: CombineOrder, taken: (out_trade_no: string) => boolean): string
  find(mchid: string, combine_out_trade_no: string): Combine | undefined
  /** The combined order that has a sub-order with this number. */
  findBySubOrder(mchid: string, out_trade_no: string): Combine | undefined
  findByPrepayId(prepay_id: string): { combine: Combine; made_at: number } | undefined
  /** Records the payment. From now on the order is SUCCESS. */
  recordPayment(combine: Combine, paid_at: number, openids: Readonly<Record<string, string>>): void
  /** Closes the order, if the request lists exactly the sub-orders that were ordered. @throws Refusal */
  close(mchid: string, combine_out_trade_no: string, request: CombineClose): void
}

/** v3-endpoints §7. */
const EXPIRE_MAX_MS = 7 * DAY_MS

export function createCombines(clock: Clock, random: Random, journal: Journal): Combines {
  const combines = new Map<string, Combine>()
  const bySubOrder = new Map<string, Combine>()
  const byPrepayId = new Map<string, { combine: Combine; made_at: number }>()

  const keep = (combine: Combine): void => {
    combines.set(`${combine.mchid}/${combine.body.combine_out_trade_no}`, combine)
    for (const sub of combine.body.sub_orders) bySubOrder.set(`${combine.mchid}/${sub.out_trade_no}`, combine)
    for (const { prepay_id, made_at } of combine.prepays) byPrepayId.set(prepay_id, { combine, made_at })
  }

  const givePrepayId = (combine: Combine): string => {
    const prepay = newPrepay(clock.now(), random)
    combine.prepays.push(prepay)
    byPrepayId.set(prepay.prepay_id, { combine, made_at: prepay.made_at })
    journal.put('combines', combine)
    return prepay.prepay_id
  }

  const placeAgain = (combine: Combine, fingerprint: string): string => {
    const now = clock.now()
    const state = combineStateOf(combine, now)
    if (state === 'SUCCESS') throw invalidRequest('该订单已支付', 268498689)
    if (state === 'CLOSED') throw new Refusal(400, 'ORDER_CLOSED', '订单已关闭', { internal: 268447914 })
    if (combine.fingerprint !== fingerprint) throw reentered()
    if (now >= combine.expires_at) throw new Refusal(400, 'ORDER_CLOSED', '该订单已失效', { internal: 268447914 })
    const newest = combine.prepays.at(-1)
    return newest && now - newest.made_at < PREPAY_LIFE_MS ? newest.prepay_id : givePrepayId(combine)
  }

  const reset = (): void => {
    combines.clear()
    bySubOrder.clear()
    byPrepayId.clear()
  }

  return {
    place(body, taken) {
      const mchid = body.combine_mchid
      const fingerprint = canonical(body)
      const known = combines.get(`${mchid}/${body.combine_out_trade_no}`)
      if (known) return placeAgain(known, fingerprint)
      // Sub-orders share their numbers with single orders (v3-endpoints §7: unique per mchid).
      if (body.sub_orders.some(({ out_trade_no }) => taken(out_trade_no) || bySubOrder.has(`${mchid}/${out_trade_no}`))) throw numberUsed()
      const created_at = clock.now()
      const combine: Combine = {
        mchid,
        body,
        fingerprint,
        created_at,
        expires_at: expiry(body.time_expire, created_at, EXPIRE_MAX_MS),
        auto_close_at: created_at + AUTO_CLOSE_MS,
        prepays: [],
      }
      keep(combine)
      return givePrepayId(combine)
    },
    find: (mchid, combine_out_trade_no) => combines.get(`${mchid}/${combine_out_trade_no}`),
    findBySubOrder: (mchid, out_trade_no) => bySubOrder.get(`${mchid}/${out_trade_no}`),
    findByPrepayId: (prepay_id) => byPrepayId.get(prepay_id),
    recordPayment(combine, paid_at, openids) {
      combine.paid_at = paid_at
      combine.openids = openids
      journal.put('combines', combine)
    },
    close(mchid, combine_out_trade_no, request) {
      const combine = combines.get(`${mchid}/${combine_out_trade_no}`)
      if (!combine) throw invalidRequest('合单订单不存在', 268512771)
      if (request.combine_appid !== combine.body.combine_appid || subOrdersOf(request) !== subOrdersOf(combine.body)) {
        throw invalidRequest('关单的子单信息与下单时不一致')
      }
      if (combine.paid_at !== undefined) throw invalidRequest('该订单已支付', 268449538)
      combine.closed_at ??= clock.now()
      journal.put('combines', combine)
    },
    save: () => [...combines.values()],
    restore(saved) {
      reset()
      for (const combine of saved) keep(combine)
    },
    reset,
  }
}

export function numberUsed(): Refusal {
  return new Refusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复')
}

function subOrdersOf({ sub_orders }: Pick<CombineClose, 'sub_orders'>): string {
  return sub_orders
    .map(({ mchid, sub_mchid, out_trade_no }) => `${mchid}/${sub_mchid ?? ''}/${out_trade_no}`)
    .sort()
    .join(' ')
}
