// Pays an order, then shows it. Whatever the phone reports, the order page shows what the server knows.

import type { Checkout } from './backend'
import { cashdesk } from './cashdesk'
import { NO_WEIXIN } from './weixin'

/** Resolves with the outcome; rejects only where there is no WeChat. */
export async function pay(order: Checkout): Promise<{ outcome: string; message: string }> {
  if (!cashdesk) throw new Error(NO_WEIXIN)
  const { status, error } = await cashdesk.pay(order)
  return { outcome: status, message: status === 'failed' ? (error?.zh ?? '') : '' }
}

export function orderPage(out_trade_no: string, outcome = '', message = ''): string {
  return `/pages/order/order?id=${out_trade_no}&outcome=${outcome}&message=${encodeURIComponent(message)}`
}
