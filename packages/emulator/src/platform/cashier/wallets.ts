// What a person can pay with: the change in his WeChat (零钱), and a bank card that never runs dry.

import { mapPart, type Part } from '../kept/part.ts'
import type { Trades } from '../orders/trades.ts'
import type { People } from '../people.ts'
import type { Refunds } from '../refunds/refunds.ts'

/** Anybody's payment password here. Any other six digits are a wrong one. */
export const PASSWORD = '123456'

export type Method = 'change' | 'card'

/** How bills and notifications name what paid. */
export const BANK_TYPE: Readonly<Record<Method, string>> = { change: 'OTHERS', card: 'ICBC_DEBIT' }

/** What is saved makes up the balances beside payments and refunds, by name. */
export interface Wallets extends Part<Readonly<Record<string, number>>> {
  /** Fen of change that this user holds now. */
  balance(openid: string): number
  /** Puts change in or takes it out, until there is so much. */
  set(name: string, balance: number): void
}

/** Fen of change that everybody starts with. */
const OPENING = 20_000

export interface WalletWorld {
  people: People
  trades: Trades
  refunds: Refunds
}

export function createWallets({ people, trades, refunds }: WalletWorld): Wallets {
  const given = new Map<string, number>()

  /** Spent and got back, by all of a person's openids. */
  const spent = (openids: readonly string[]): number => {
    const paid = trades.all().filter((trade) => trade.bank_type === BANK_TYPE.change && openids.includes(trade.openid))
    const numbers = new Set(paid.map(({ transaction_id }) => transaction_id))
    const back = refunds.all().filter(({ transaction_id, status }) => status === 'SUCCESS' && numbers.has(transaction_id))
    return paid.reduce((sum, { total }) => sum + total, 0) - back.reduce((sum, { refund }) => sum + refund, 0)
  }
  /** The hand on the page pays without looking into the wallet, so there may be less than nothing: that is nothing. */
  const held = (name: string, openids: readonly string[]): number => (given.get(name) ?? OPENING) - spent(openids)

  return {
    balance(openid) {
      const found = people.find(openid)
      return found ? Math.max(0, held(found.person.name, Object.values(found.person.openids))) : 0
    },
    set(name, balance) {
      given.set(name, balance + spent(Object.values(people.add(name).openids)))
    },
    ...mapPart(given),
  }
}
