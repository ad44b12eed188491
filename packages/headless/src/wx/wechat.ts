// What a phone requests from WeChat itself, here from the emulator: login codes and the cashier.

import { record } from '../pages/definition.ts'
import { Failure, type Result } from './call.ts'

export type Fetch = (request: Request) => Promise<Response>
export type CashierAction = 'pay' | 'cancel' | 'fail'

export interface WeChatOptions {
  emulator: string
  appid: string
  /** The openid of the person who uses the phone; the emulator's first user when absent. */
  openid?: string | undefined
  fetch: Fetch
  signal: AbortSignal
}

export interface WeChat {
  code(): Promise<string>
  /** Opens the cashier with the five fields, does `action`, and gives the result of wx.requestPayment. */
  cashier(fields: Record<string, unknown>, action: CashierAction): Promise<Result>
}

export function weChatAt({ emulator, appid, openid, fetch, signal }: WeChatOptions): WeChat {
  const base = `${emulator.replace(/\/+$/, '')}/_emulator`

  const ask = async (method: string, path: string, body?: Result): Promise<Result> => {
    const headers = { 'content-type': 'application/json' }
    const request = new Request(`${base}${path}`, { method, headers, signal, ...(body && { body: JSON.stringify(body) }) })
    const response = await fetch(request).catch((error: unknown) => {
      throw new Failure(`the emulator at ${emulator} does not answer (${error instanceof Error ? error.message : String(error)})`)
    })
    const answer = record(await response.json().catch(() => undefined))
    if (!response.ok) throw new Failure(`the emulator refused ${path}: ${response.status} ${JSON.stringify(answer)}`)
    return answer
  }

  let holder: string | undefined = openid
  const whoHoldsThePhone = async (): Promise<string> => {
    if (holder !== undefined) return holder
    const { users } = await ask('GET', '/users')
    const all = Array.isArray(users) ? users.map(record) : []
    const found = all.map((user) => record(user['openids'])[appid]).find((one) => typeof one === 'string')
    if (typeof found !== 'string') throw new Failure(`the emulator knows no user of ${appid}`)
    holder = found
    return found
  }

  return {
    async code() {
      const { code } = await ask('POST', '/login', { appid, ...(holder !== undefined && { openid: holder }) })
      return String(code)
    },
    async cashier(fields, action) {
      return ask('POST', '/cashier', { ...fields, appId: appid, openid: await whoHoldsThePhone(), action })
    },
  }
}
