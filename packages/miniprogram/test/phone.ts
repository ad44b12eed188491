// A phone for tests: the Host port over a real HTTP client or a function, with storage that the test can read.

import { createCashdesk, type Host, type HostRequest, type PaymentFields, type Said } from '../src/index.ts'

export interface Answer {
  status: number
  data: unknown
}

export const FIELDS = { timeStamp: '1700000000', nonceStr: 'n', package: 'prepay_id=wx1', signType: 'RSA', paySign: 's' }
export const ORDER = {
  out_trade_no: 'ORDER0001',
  description: '拿铁',
  amount: { total: 1, currency: 'CNY' },
  state: 'pending',
  paid_at: null,
}
export const SESSION = { token: 'token-1', expires_at: '2030-01-01T00:00:00.000Z' }
export const INPUT = { out_trade_no: 'ORDER0001', client_secret: 'cs' }
export const MARK = 'cashdesk.pending.wx-shop'
export const TOKEN = 'cashdesk.session.wx-shop'

/** A refusal as the server sends it. */
export function problem(status: number, code: string): Answer {
  return { status, data: { type: `https://cashdesk.dev/problems/${code}`, title: code, status, code, detail: `${code} 的说明` } }
}

/** The three calls of the phone. */
export type Call = 'session' | 'pay' | 'order'

export function callOf({ url }: Pick<HostRequest, 'url'>): Call {
  if (url.endsWith('/sessions')) return 'session'
  return /\/pay$/.test(url) ? 'pay' : 'order'
}

/** The answers of a healthy server. */
export function good(call: Call, state = 'pending'): Answer {
  if (call === 'session') return { status: 201, data: SESSION }
  return call === 'pay' ? { status: 200, data: FIELDS } : { status: 200, data: { ...ORDER, state } }
}

export interface Phone {
  host: Host
  storage: Map<string, string>
  /** The arguments of requestPayment. */
  paid: PaymentFields[]
  asked: HostRequest[]
  waited: number[]
  logins: number
}

export function aPhone(request: (asked: HostRequest) => Promise<Answer>, said: Said = { errMsg: 'requestPayment:ok' }): Phone {
  const storage = new Map<string, string>()
  const phone: Omit<Phone, 'host'> = { storage, paid: [], asked: [], waited: [], logins: 0 }
  const host: Host = {
    login: async () => `code-${++made.logins}`,
    request: (asked) => {
      made.asked.push(asked)
      return request(asked)
    },
    requestPayment: async (fields) => {
      made.paid.push(fields)
      return said
    },
    read: (key) => storage.get(key),
    write: (key, value) => void storage.set(key, value),
    remove: (key) => void storage.delete(key),
    wait: async (ms) => void made.waited.push(ms),
  }
  const made: Phone = { ...phone, host }
  return made
}

export function deskOf({ host }: Phone, baseURL = 'https://pay.example.com') {
  return createCashdesk({ baseURL, appid: 'wx-shop', host })
}
