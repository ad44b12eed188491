// The merchant's backend: what is sold, what a cart costs, what became of an order. Prices are never the phone's to say.

import { ask } from './ask'
import { config } from './config'

export interface Product {
  id: string
  name: string
  detail: string
  /** Fen. */
  price: number
}

export interface Checkout {
  out_trade_no: string
  /** Opens this one order at Cashdesk. */
  client_secret: string
}

export interface ShopOrder {
  out_trade_no: string
  state: string
  description: string
  amount: { total: number; currency: string }
}

export async function products(): Promise<Product[]> {
  return (await ask<{ products: Product[] }>(`${config.backend}/products`)).products
}

export function checkout(product_id: string): Promise<Checkout> {
  return ask<Checkout>(`${config.backend}/checkout`, { method: 'POST', data: { items: [{ product_id, quantity: 1 }] } })
}

export function shopOrder(out_trade_no: string): Promise<ShopOrder> {
  return ask<ShopOrder>(`${config.backend}/orders/${encodeURIComponent(out_trade_no)}`)
}

export function yuan(fen: number): string {
  return `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
