// Finds the order that each exchange is about. Many exchanges do not name it: the cashier has only the prepay_id, and a refund has a number of its own.

import type { Told } from './story.ts'

/** Order numbers, in JSON bodies and in paths. */
const ORDER = /"out_trade_no":"([^"]+)"|\/(?:orders|out-trade-no)\/([^/?\s]+)/g
/** Other numbers that belong to exactly one order. */
const ALIAS = /prepay_id(?:":"|=)(\w+)|"(?:out_refund_no|refund_id|transaction_id)":"([^"]+)"|\/refunds\/([^/?\s]+)/g

/** The same story. Exchanges that are about exactly one order have its number. */
export function withOrders(story: readonly Told[]): Told[] {
  const orderOf = new Map<string, string>()
  const read = story.map((told) => {
    const text = [told.path, told.request, told.answer, JSON.stringify(told.resource)].join('\n')
    const [orders, aliases] = [namesIn(text, ORDER), namesIn(text, ALIAS)]
    const [only] = orders
    if (orders.length === 1 && only !== undefined) for (const alias of aliases) orderOf.set(alias, only)
    return { told, orders, aliases }
  })
  return read.map(({ told, orders, aliases }) => {
    const meant = orders.length > 0 ? orders : [...new Set(aliases.flatMap((alias) => orderOf.get(alias) ?? []))]
    const [only] = meant
    return meant.length === 1 && only !== undefined ? { ...told, out_trade_no: only } : told
  })
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match.slice(1).find((group) => group !== undefined) ?? ''))]
}
