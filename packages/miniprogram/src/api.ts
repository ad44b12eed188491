// The server's client API: a session that is opened once and renewed once, and the two questions about an order.

import type { Result } from './explain.ts'
import type { Host, PaymentFields } from './host.ts'

export interface CashdeskOptions {
  /** Where the Cashdesk server is. */
  baseURL: string
  /** This mini program. */
  appid: string
  host: Host
}

export interface ClientOrder {
  out_trade_no: string
  description: string
  /** Fen. */
  amount: { total: number; currency: string }
  /** `paid` is the only word for money received. */
  state: string
  /** RFC 3339, or null. */
  paid_at: string | null
}

/** The server said no. Branch on `code`. */
export class RequestError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.name = 'RequestError'
    this.status = status
    this.code = code
  }
}

export interface Api {
  /** The session's token. */
  login(): Promise<string>
  paymentFields(out_trade_no: string, client_secret: string): Promise<PaymentFields>
  order(out_trade_no: string, client_result: Result): Promise<ClientOrder>
}

export function apiOver({ baseURL, appid, host }: CashdeskOptions): Api {
  const base = `${baseURL.replace(/\/+$/, '')}/client/v1`
  const storageKey = `cashdesk.session.${appid}`
  let opening: Promise<string> | undefined

  const open = async (): Promise<string> => {
    const code = await host.login()
    const { token } = await send<{ token: string }>('POST', '/sessions', undefined, { appid, code })
    host.write(storageKey, token)
    return token
  }
  /** Many callers share one login. */
  const login = (): Promise<string> => {
    const kept = host.read(storageKey)
    if (kept !== undefined) return Promise.resolve(kept)
    if (!opening) {
      opening = open()
      const done = (): void => {
        opening = undefined
      }
      opening.then(done, done)
    }
    return opening
  }

  async function send<T>(method: 'GET' | 'POST', path: string, token?: string, data?: object): Promise<T> {
    const header: Record<string, string> = { 'content-type': 'application/json', 'accept-language': 'zh-CN' }
    if (token !== undefined) header['authorization'] = `Bearer ${token}`
    const { status, data: answer } = await host.request({ method, url: base + path, header, data })
    // The server's contract: 2xx is T, everything else is problem+json.
    if (status >= 200 && status < 300) return answer as T
    const problem = (answer ?? {}) as { code?: string; detail?: string }
    throw new RequestError(status, problem.code ?? 'unknown', problem.detail ?? `HTTP ${status}`)
  }

  async function withSession<T>(method: 'GET' | 'POST', path: string, data?: object): Promise<T> {
    const token = await login()
    try {
      return await send<T>(method, path, token, data)
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 401) throw error
      // Gone on the server: log in once more, unless someone else just did.
      if (host.read(storageKey) === token) host.remove(storageKey)
      return send<T>(method, path, await login(), data)
    }
  }

  const orderPath = (out_trade_no: string): string => `/orders/${encodeURIComponent(out_trade_no)}`
  return {
    login,
    paymentFields: (out_trade_no, client_secret) => withSession('POST', `${orderPath(out_trade_no)}/pay`, { client_secret }),
    order: (out_trade_no, client_result) => withSession('GET', `${orderPath(out_trade_no)}?client_result=${client_result}`),
  }
}
