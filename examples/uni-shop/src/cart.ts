// The cart. It is stored, because a user may leave the program at any moment.

import { computed, ref } from 'vue'
import type { Product } from './backend'

export interface CartLine {
  product: Product
  quantity: number
}

const STORED = 'shop.cart'
const QUANTITY_MAX = 99

interface Stored {
  lines: CartLine[]
  /** Changes whenever the cart changes, so that two carts never become one order. */
  attempt: number
}

const cart = ref<Stored>(read())

export const lines = computed(() => cart.value.lines)
export const count = computed(() => cart.value.lines.reduce((sum, { quantity }) => sum + quantity, 0))
/** Fen, for display only; the backend's sum is what is paid. */
export const total = computed(() => cart.value.lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0))
export const attempt = computed(() => cart.value.attempt)

export function quantityOf(id: string): number {
  return cart.value.lines.find(({ product }) => product.id === id)?.quantity ?? 0
}

export function change(product: Product, by: number) {
  const quantity = Math.min(QUANTITY_MAX, quantityOf(product.id) + by)
  const others = cart.value.lines.filter((line) => line.product.id !== product.id)
  const at = cart.value.lines.findIndex((line) => line.product.id === product.id)
  if (quantity > 0) others.splice(at < 0 ? others.length : at, 0, { product, quantity })
  keep(others)
}

export function empty() {
  keep([])
}

function keep(next: CartLine[]) {
  cart.value = { lines: next, attempt: cart.value.attempt + 1 }
  uni.setStorageSync(STORED, JSON.stringify(cart.value))
}

function read(): Stored {
  const text: unknown = uni.getStorageSync(STORED)
  // Only `keep` writes it.
  return typeof text === 'string' && text !== '' ? (JSON.parse(text) as Stored) : { lines: [], attempt: 0 }
}
