// The server's client API: a session, which is opened once and renewed at most once per call, and the two requests about an order.

import { type ClientOrder, clientOrder, isToken, paymentFields, problemIn, type Shape, sessionToken } from './answers.ts'
import { asSaid, explain, type Result } from './explain.ts'
import type { Host, PaymentFields } from './host.ts'
import { RequestError } from './request-error.ts'

const NOT_HEARD = 'not_heard'

export interface CashdeskOptions {
  /** Address of the Cashdesk server. */
  baseURL: string
  /** The appid of this mini program. */
  appid: string
  host: Host
}

export interface Api {
  /** Returns the session's token. */
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
    const token = await send(sessionToken, 'POST', '/sessions', undefined, { appid, code })
    host.write(storageKey, token)
    return token
  }
  /** Concurrent callers share one login. After it has ended, in success or failure, the next caller starts a new one. */
  const login = (): Promise<string> => {
    const kept = host.read(storageKey)
    if (isToken(kept)) return Promise.resolve(kept)
    if (!opening) {
      opening = open()
      const done = (): void => {
        opening = undefined
      }
      opening.then(done, done)
    }
    return opening
  }

  async function send<T>(shape: Shape<T>, method: 'GET' | 'POST', path: string, token?: string, data?: object): Promise<T> {
    const header: Record<string, string> = { 'content-type': 'application/json', 'accept-language': 'zh-CN' }
    if (token !== undefined) header['authorization'] = `Bearer ${token}`
    const { status, data: body } = await host.request({ method, url: base + path, header, data }).catch((error: unknown) => {
      const { errMsg, developer } = explain(asSaid(error))
      throw new RequestError(0, NOT_HEARD, developer, false, undefined, errMsg)
    })
    const value = status === 200 || status === 201 ? shape(body) : undefined
    if (value !== undefined) return value
    throw problemIn(status, body) || new RequestError(status, NOT_HEARD, `HTTP ${status}：无法识别。`, false)
  }

  async function withSession<T>(shape: Shape<T>, method: 'GET' | 'POST', path: string, data?: object): Promise<T> {
    const token = await login()
    try {
      return await send(shape, method, path, token, data)
    } catch (error) {
      // Checks the code, not the status: a 401 of a gateway says nothing about our session.
      if (!(error instanceof RequestError) || error.code !== 'session_invalid') throw error
      // The server no longer knows the session: log in once more, unless another call has already done so.
      if (host.read(storageKey) === token) host.remove(storageKey)
      return send(shape, method, path, await login(), data)
    }
  }

  const orderPath = (out_trade_no: string): string => `/orders/${encodeURIComponent(out_trade_no)}`
  return {
    login,
    paymentFields: (out_trade_no, client_secret) => withSession(paymentFields, 'POST', `${orderPath(out_trade_no)}/pay`, { client_secret }),
    order: (out_trade_no, client_result) =>
      withSession(clientOrder(out_trade_no), 'GET', `${orderPath(out_trade_no)}?client_result=${client_result}`),
  }
}
