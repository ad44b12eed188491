// The part of Cashdesk's merchant API that this shop needs.

export interface CashdeskOptions {
  cashdeskURL: string
  apiKey: string
  /** The Cashdesk merchant to sell for, if the key may act for several. */
  merchant?: string | undefined
  fetch?: ((request: Request) => Promise<Response>) | undefined
}

export interface Order {
  out_trade_no: string
  description: string
  state: string
  /** Grows with every change, so that an older state never overwrites a newer one. */
  version: number
  /** Fen. */
  amount: { total: number; currency: string; refunded: number }
  paid_at: string | null
  created_at: string
}

export interface Refund {
  out_refund_no: string
  out_trade_no: string
  state: string
  version: number
  amount: { refund: number; currency: string }
  received_account: string | null
}

/** Cashdesk refused the request. */
export class CashdeskRefusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.name = 'CashdeskRefusal'
    this.status = status
    this.code = code
  }
}

export interface Cashdesk {
  /** A call with the same key gives the same order. */
  place(order: { description: string; total: number }, idempotencyKey: string): Promise<Order & { client_secret: string }>
  order(out_trade_no: string): Promise<Order>
  /** A call with the same `out_refund_no` gives the same refund. */
  refund(out_trade_no: string, refund: { out_refund_no: string; refund: number; reason: string }): Promise<Refund>
  refunds(out_trade_no: string): Promise<Refund[]>
  /** The secret that events to this address are signed with. */
  subscribe(url: string): Promise<string>
}

export function cashdeskAt({ cashdeskURL, apiKey, merchant, fetch = globalThis.fetch }: CashdeskOptions): Cashdesk {
  const base = `${cashdeskURL.replace(/\/+$/, '')}/v1`
  const query = merchant === undefined ? '' : `?merchant=${encodeURIComponent(merchant)}`

  const ask = async <T>(method: 'GET' | 'POST', path: string, body?: object, more: Record<string, string> = {}): Promise<T> => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...more }
    const answer = await fetch(new Request(base + path, { method, headers, ...(body && { body: JSON.stringify(body) }) }))
    // Cashdesk's contract: 2xx is T, everything else is problem+json.
    const data = (await answer.json()) as T & { code?: string; detail?: string }
    if (!answer.ok) throw new CashdeskRefusal(answer.status, data.code ?? 'unknown', data.detail ?? `HTTP ${answer.status}`)
    return data
  }
  const pathOf = (out_trade_no: string, more = ''): string => `/orders/${encodeURIComponent(out_trade_no)}${more}${query}`

  return {
    place: ({ description, total }, idempotencyKey) =>
      ask('POST', '/orders', { merchant, description, amount: { total, currency: 'CNY' } }, { 'idempotency-key': idempotencyKey }),
    order: (out_trade_no) => ask('GET', pathOf(out_trade_no)),
    refund: (out_trade_no, { out_refund_no, refund, reason }) =>
      ask('POST', pathOf(out_trade_no, '/refunds'), { out_refund_no, amount: { refund }, reason }),
    refunds: async (out_trade_no) => (await ask<{ data: Refund[] }>('GET', pathOf(out_trade_no, '/refunds'))).data,
    async subscribe(url) {
      const { data } = await ask<{ data: { id: string; url: string; enabled: boolean }[] }>('GET', `/webhook_endpoints${query}`)
      const known = data.find((endpoint) => endpoint.url === url && endpoint.enabled)
      // A secret is shown once, so a restarted shop asks for a new one.
      const path = known ? `/webhook_endpoints/${known.id}/rotate` : '/webhook_endpoints'
      return (await ask<{ secret: string }>('POST', path + query, known ? undefined : { url })).secret
    },
  }
}
