// The merchant's backend: products, the price of a cart, and the state of an order. The phone never names a price.

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
  out_trade_no: string
  state: string
  description: string
  amount: { total: number; currency: string }
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

function ask<T>(method: 'GET' | 'POST', path: string, data?: object): Promise<T> {
  return new Promise((resolve, reject) => {
    wx.request<Record<string, string>>({
      url: config.backend + path,
      method,
      data,
      success: ({ statusCode, data: answer }) => {
        // The backend's contract: 2xx is T, everything else says why in `detail`.
        if (statusCode >= 200 && statusCode < 300) resolve(answer as T)
        else reject(new Error(answer?.detail ?? `服务器回答 ${statusCode}`))
      },
      fail: () => reject(new Error('网络不可用，请稍后再试')),
    })
  })
}
