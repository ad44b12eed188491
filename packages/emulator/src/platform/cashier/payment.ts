// Turns a payment into a trade and a ledger entry. The fee is deducted at once; for an order with profit sharing the rest is frozen (v3-endpoints §6).

import { beijingTime } from '@cashdesk/protocol'
import type { Clock } from '../../ports/clock.ts'
import { type Random, randomDigits } from '../../ports/random.ts'
import type { Agenda } from '../agenda.ts'
import { type Behaviour, feeOf } from '../behaviour.ts'
import type { Ledger } from '../ledger.ts'
import { ownerOf, type Trade, type Trades } from '../orders/trades.ts'
import type { People } from '../people.ts'
import { AUTO_UNFREEZE_MS } from '../sharing/rules.ts'
import { THAW_TASK } from '../sharing/sharing.ts'

export interface PaymentWorld {
  clock: Clock
  random: Random
  behaviour: Behaviour
  agenda: Agenda
  ledger: Ledger
  trades: Trades
  people: People
}

/** What the order already determines; the payment adds the rest. */
export type Payable = Omit<
  Trade,
  | 'transaction_id'
  | 'bank_type'
  | 'paid_at'
  | 'fee'
  | 'fee_rate'
  | 'frozen'
  | 'shared'
  | 'share_requests'
  | 'unfrozen'
  | 'refund_ids'
  | 'refunded'
  | 'fee_returned'
> & {
  /** The appid of the mini program in which the user pays. */
  payer_appid: string
  /** What the user pays with; change (OTHERS) when absent. */
  bank_type?: string | undefined
}

export function takePayment(world: PaymentWorld, { payer_appid, bank_type = 'OTHERS', ...payable }: Payable): Trade {
  const { clock, random, behaviour, agenda, ledger, trades } = world
  const now = clock.now()
  // 28 digits starting with 42 (v3-notifications §5). The length of the ledger makes the number unique.
  const day = beijingTime(now).slice(0, 10).replaceAll('-', '')
  const transaction_id = `42000${randomDigits(random, 5)}${day}${String(ledger.entries().length + 1).padStart(10, '0')}`
  const fee = feeOf(payable.total, behaviour.fee_rate)
  const net = payable.total - fee
  const trade: Trade = {
    ...payable,
    transaction_id,
    bank_type,
    paid_at: now,
    fee,
    fee_rate: behaviour.fee_rate,
    frozen: payable.profit_sharing ? net : 0,
    shared: 0,
    share_requests: 0,
    unfrozen: false,
    refund_ids: [],
    refunded: 0,
    fee_returned: 0,
  }
  trades.add(trade)
  if (trade.profit_sharing) agenda.plan(now + AUTO_UNFREEZE_MS, THAW_TASK, transaction_id)
  ledger.append(
    {
      kind: 'payment',
      mchid: trade.mchid,
      ...(trade.sub_mchid !== undefined && { sub_mchid: trade.sub_mchid }),
      appid: payer_appid,
      openid: trade.openid,
      out_trade_no: trade.out_trade_no,
      transaction_id,
      ...(trade.combine_out_trade_no !== undefined && { combine_out_trade_no: trade.combine_out_trade_no }),
      amount: { total: trade.total, currency: 'CNY' },
      fee,
      movements: [{ owner: ownerOf(trade), account: 'BASIC', available: net - trade.frozen, frozen: trade.frozen }],
    },
    now,
  )
  return trade
}

/** appid → openid of the person who has this openid. */
export function openidsOf({ people }: PaymentWorld, appid: string, openid: string): Readonly<Record<string, string>> {
  return people.find(openid)?.person.openids ?? { [appid]: openid }
}
