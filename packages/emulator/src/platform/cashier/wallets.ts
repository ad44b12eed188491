// What a user can pay with: change (零钱) in WeChat, and a bank card that never runs out of money.

import { mapPart, type Part } from '../kept/part.ts'
import type { Trades } from '../orders/trades.ts'
import type { People } from '../people.ts'
import type { Refunds } from '../refunds/refunds.ts'

/** The payment password of every user here. Any other six digits are wrong. */
export const PASSWORD = '123456'

export type Method = 'change' | 'card'

/** The codes by which bills and notifications name the means of payment. */
export const BANK_TYPE: Readonly<Record<Method, string>> = { change: 'OTHERS', card: 'ICBC_DEBIT' }

/** The balances of all users. The saved form holds, by name, the fen before payments and refunds are counted. */
export interface Wallets extends Part<Readonly<Record<string, number>>> {
  /** Fen of change that this user holds now. */
  balance(openid: string): number
  /** Puts change in or takes it out, until the user holds `balance` fen. */
  set(name: string, balance: number): void
}

/** Fen of change that every user starts with. */
const OPENING = 20_000

export interface WalletWorld {
  people: People
  trades: Trades
  refunds: Refunds
}

export function createWallets({ people, trades, refunds }: WalletWorld): Wallets {
  const given = new Map<string, number>()

  /** Fen paid minus fen refunded, over all openids of one person. */
  const spent = (openids: readonly string[]): number => {
    const paid = trades.all().filter((trade) => trade.bank_type === BANK_TYPE.change && openids.includes(trade.openid))
    const numbers = new Set(paid.map(({ transaction_id }) => transaction_id))
    const back = refunds.all().filter(({ transaction_id, status }) => status === 'SUCCESS' && numbers.has(transaction_id))
    return paid.reduce((sum, { total }) => sum + total, 0) - back.reduce((sum, { refund }) => sum + refund, 0)
  }
  /** Never below 0. A payment made from the emulator's page does not check the balance, so the computed value can be negative. */
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
