// Adds our prices to the cart that the phone sends. The phone never names a price.

import { productOf } from './products.ts'

export interface CartLine {
  product_id: string
  name: string
  quantity: number
  /** Fen, for one. */
  price: number
}

export interface Cart {
  items: CartLine[]
  description: string
  /** Fen. */
  total: number
}

const QUANTITY_MAX = 99
const ITEMS_MAX = 20
/** WeChat's limit for a description. */
const DESCRIPTION_CHARACTERS_MAX = 127

/** The cart with our prices, or what is wrong with it. */
export function readCart(body: unknown): Cart | string {
  const items = (body as { items?: unknown } | undefined)?.items
  if (!Array.isArray(items) || items.length === 0 || items.length > ITEMS_MAX)
    return '购物车为空或商品过多 / The cart is empty or too long.'
  const lines: CartLine[] = []
  for (const item of items as unknown[]) {
    const line = readLine(item)
    if (typeof line === 'string') return line
    lines.push(line)
  }
  return {
    items: lines,
    description: lines
      .map(({ name, quantity }) => `${name}×${quantity}`)
      .join('、')
      .slice(0, DESCRIPTION_CHARACTERS_MAX),
    total: lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
  }
}

function readLine(item: unknown): CartLine | string {
  const { product_id, quantity, ...more } = (item ?? {}) as { product_id?: unknown; quantity?: unknown }
  // A price in the request is a mistake or an attack, so it is refused.
  if (Object.keys(more).length > 0) return `不接受的字段：${Object.keys(more).join(', ')} / Not accepted: prices are ours.`
  const product = productOf(product_id)
  if (!product) return `没有这个商品：${String(product_id).slice(0, 40)} / No such product.`
  if (!Number.isInteger(quantity) || Number(quantity) < 1 || Number(quantity) > QUANTITY_MAX)
    return `数量须为 1–${QUANTITY_MAX} 的整数 / Bad quantity.`
  return { product_id: product.id, name: product.name, quantity: Number(quantity), price: product.price }
}
