// The merchant's backend: products, the price of a cart, and the state of an order. The phone never names a price.

import Taro from '@tarojs/taro'
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
  /** Allows paying this one order at Cashdesk. */
  client_secret: string
}

export interface ShopOrder {
  state: string
  description: string
  amount: { total: number }
}

export async function products(): Promise<Product[]> {
  return (await ask<{ products: Product[] }>('GET', '/products')).products
}

export function checkout(product_id: string): Promise<Checkout> {
  return ask('POST', '/checkout', { items: [{ product_id, quantity: 1 }] })
}

export function shopOrder(out_trade_no: string): Promise<ShopOrder> {
  return ask('GET', `/orders/${encodeURIComponent(out_trade_no)}`)
}

export function yuan(fen: number): string {
  return `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Rejects with a sentence that a shopper can read. */
async function ask<T>(method: 'GET' | 'POST', path: string, data?: object): Promise<T> {
  const answer = await Taro.request({ url: config.backend + path, method, data }).catch(() => {
    throw new Error('网络不可用，请稍后再试')
  })
  // The backend's contract: 2xx is T, everything else says why in `detail`.
  if (answer.statusCode >= 200 && answer.statusCode < 300) return answer.data as T
  throw new Error((answer.data as { detail?: string })?.detail ?? `服务器回答 ${answer.statusCode}`)
}
