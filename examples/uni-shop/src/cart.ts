// The cart: what the shopper wants. It outlives the program, which a person may leave at any moment.

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
  /** Changes whenever the cart does: two carts are never one order. */
  attempt: number
}

const cart = ref<Stored>(read())

export const lines = computed(() => cart.value.lines)
export const count = computed(() => cart.value.lines.reduce((sum, { quantity }) => sum + quantity, 0))
/** Fen, to show; what counts is the backend's. */
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
  // Written by `keep` and by nobody else.
  return typeof text === 'string' && text !== '' ? (JSON.parse(text) as Stored) : { lines: [], attempt: 0 }
}
