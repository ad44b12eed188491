// The shop's own record of each order: its shopper, its cart, and the latest state from Cashdesk.

import { DatabaseSync } from 'node:sqlite'
import type { CartLine } from './cart.ts'
import type { Order, Refund } from './cashdesk.ts'

export interface ShopOrder {
  out_trade_no: string
  /** The shopper; null for somebody the shop does not know. */
  shopper: string | null
  items: CartLine[]
  description: string
  /** Fen. */
  total: number
  state: string
  /** The state of its refund; null if none was requested. */
  refund_state: string | null
  /** Allows paying the order at Cashdesk; only its shopper gets it. */
  client_secret: string
  /** RFC 3339. */
  created_at: string
}

export interface Orders {
  /** Placing the same order again changes nothing. */
  add(order: Omit<ShopOrder, 'state' | 'refund_state'>): void
  find(out_trade_no: string): ShopOrder | undefined
  /** Newest first. */
  of(shopper: string): ShopOrder[]
  /** Stores the state from Cashdesk, unless a newer one is stored already. */
  hear(order: Pick<Order, 'out_trade_no' | 'state' | 'version'>): void
  hearRefund(refund: Pick<Refund, 'out_trade_no' | 'state' | 'version'>): void
  close(): void
}

const LISTED_MAX = 50

/** `:memory:` is lost at the end. */
export function openOrders(file = ':memory:'): Orders {
  const db = new DatabaseSync(file)
  db.exec(`
    CREATE TABLE IF NOT EXISTS orders (
      out_trade_no TEXT PRIMARY KEY, shopper TEXT, items TEXT NOT NULL, description TEXT NOT NULL, total INTEGER NOT NULL,
      client_secret TEXT NOT NULL, created_at TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'created', version INTEGER NOT NULL DEFAULT 0,
      refund_state TEXT, refund_version INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX IF NOT EXISTS orders_of_shopper ON orders (shopper, created_at);`)
  const insert = db.prepare(`INSERT INTO orders (out_trade_no, shopper, items, description, total, client_secret, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const one = db.prepare('SELECT * FROM orders WHERE out_trade_no = ?')
  const many = db.prepare('SELECT * FROM orders WHERE shopper = ? ORDER BY created_at DESC, rowid DESC LIMIT ?')
  const state = db.prepare('UPDATE orders SET state = ?, version = ? WHERE out_trade_no = ? AND version < ?')
  const refund = db.prepare('UPDATE orders SET refund_state = ?, refund_version = ? WHERE out_trade_no = ? AND refund_version < ?')

  return {
    add: (order) =>
      void insert.run(
        order.out_trade_no,
        order.shopper,
        JSON.stringify(order.items),
        order.description,
        order.total,
        order.client_secret,
        order.created_at,
      ),
    find(out_trade_no) {
      const row = one.get(out_trade_no)
      return row && orderOf(row)
    },
    of: (shopper) => many.all(shopper, LISTED_MAX).map(orderOf),
    hear: (order) => void state.run(order.state, order.version, order.out_trade_no, order.version),
    hearRefund: (heard) => void refund.run(heard.state, heard.version, heard.out_trade_no, heard.version),
    close: () => db.close(),
  }
}

/** Only `add` writes this table, so its rows have this type. */
function orderOf({ items, ...row }: Record<string, unknown>): ShopOrder {
  return { ...row, items: JSON.parse(String(items)) } as ShopOrder
}
