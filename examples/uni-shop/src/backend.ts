// The merchant's backend: products, the price of a cart, and the state of an order. The phone never names a price.

import { config } from './config'

export interface Product {
  id: string
  name: string
  detail: string
  shelf: string
  /** Fen. */
  price: number
}

export interface Line {
  product_id: string
  name: string
  quantity: number
  /** Fen, for one piece. */
  price: number
}

export interface Checkout {
  out_trade_no: string
  /** Allows paying this one order at Cashdesk. */
  client_secret: string
}

export interface ListedOrder {
  out_trade_no: string
  items: Line[]
  /** Fen. */
  total: number
  state: string
  refund_state: string | null
  created_at: string
}

export interface ShopOrder {
  out_trade_no: string
  state: string
  description: string
  /** Fen. */
  amount: { total: number; refunded: number }
  items: Line[]
  refund: { state: string; received_account: string | null } | null
  /** Null if this phone may not pay the order. */
  client_secret: string | null
  paid_at: string | null
  created_at: string
}

export async function products(): Promise<Product[]> {
  return (await ask<{ products: Product[] }>('GET', '/products')).products
}

/** A repetition of the same attempt gives the same order, so a lost answer does no harm. */
export async function checkout(items: { product_id: string; quantity: number }[], attempt: number): Promise<Checkout> {
  return ask('POST', '/checkout', { items }, { 'idempotency-key': `${await shopper()}.${attempt}` })
}

export async function shopOrders(): Promise<ListedOrder[]> {
  return (await ask<{ orders: ListedOrder[] }>('GET', '/orders')).orders
}

export function shopOrder(out_trade_no: string): Promise<ShopOrder> {
  return ask('GET', `/orders/${encodeURIComponent(out_trade_no)}`)
}

export function refund(out_trade_no: string): Promise<unknown> {
  return ask('POST', `/orders/${encodeURIComponent(out_trade_no)}/refund`, {})
}

const SHOPPER = 'shop.shopper'
let asking: Promise<string> | undefined

/** Identifies this phone to the shop: a key that the shop gave it. */
function shopper(): Promise<string> {
  const kept: unknown = uni.getStorageSync(SHOPPER)
  if (typeof kept === 'string' && kept !== '') return Promise.resolve(kept)
  asking ??= send<{ shopper: string }>('POST', '/shoppers', {}, {}).then(({ shopper: key }) => {
    uni.setStorageSync(SHOPPER, key)
    return key
  })
  const done = () => {
    asking = undefined
  }
  asking.then(done, done)
  return asking
}

async function ask<T>(method: 'GET' | 'POST', path: string, data?: object, header: Record<string, string> = {}): Promise<T> {
  return send(method, path, data, { shopper: await shopper(), ...header })
}

/** Rejects with a sentence that a shopper can read. */
function send<T>(method: 'GET' | 'POST', path: string, data: object | undefined, header: Record<string, string>): Promise<T> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: config.backend + path,
      method,
      header,
      data,
      success: ({ statusCode, data: answer }) => {
        // The backend's contract: 2xx is T, everything else says why in `detail`, Chinese first.
        if (statusCode >= 200 && statusCode < 300) resolve(answer as T)
        else reject(new Error((answer as { detail?: string })?.detail?.split(' / ')[0] ?? `服务器回答 ${statusCode}`))
      },
      fail: () => reject(new Error('网络不可用，请稍后再试')),
    })
  })
}
