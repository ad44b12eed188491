// From a tap to a known outcome. Only the server's word means paid: whatever uni.requestPayment says, ask the server.

import { ask, Refusal } from './ask'
import { config } from './config'
import type { Checkout } from './shop'
import { type Fields, requestPayment, weixinCode } from './weixin'

export interface Outcome {
  /** `paid`: the server says so. `pending`: money may be on its way. `cancelled`, `failed`: the server knows of no payment. */
  status: 'paid' | 'pending' | 'cancelled' | 'failed'
  /** For people; absent when paid. */
  message?: string
}

interface Order {
  out_trade_no: string
  state: 'created' | 'ordering' | 'pending' | 'closing' | 'failed' | 'closed' | 'review' | 'paid'
}

export async function pay({ out_trade_no, client_secret }: Checkout): Promise<Outcome> {
  const path = `/client/v1/orders/${encodeURIComponent(out_trade_no)}`
  let errMsg: string
  try {
    const fields = await asUser<Fields>(`${path}/pay`, { method: 'POST', data: { client_secret } })
    errMsg = await requestPayment(fields)
  } catch (error) {
    return { status: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
  const said = /^requestPayment:ok$/.test(errMsg) ? 'ok' : /^requestPayment:(fail[ :]*)?cancel/.test(errMsg) ? 'cancel' : 'fail'
  const state = await settled(`${path}?client_result=${said}`, PAUSES_MS[said])

  if (state === 'paid') return { status: 'paid' }
  if (state === 'closed' || state === 'failed') return { status: 'failed', message: '订单已关闭' }
  if (said === 'ok' || state === undefined || state === 'review') return { status: 'pending', message: '正在等待微信确认' }
  return said === 'cancel' ? { status: 'cancelled', message: '已取消支付' } : { status: 'failed', message: errMsg }
}

/** Before each question. After `ok` the news may take a moment; after `cancel` a payment is rare, but happens. */
const PAUSES_MS = { ok: [0, 500, 1000, 2000, 4000], cancel: [0, 1000], fail: [0, 1000] }

/** The last state heard; undefined when the server could not be asked at all. */
async function settled(path: string, pauses: readonly number[]): Promise<Order['state'] | undefined> {
  let state: Order['state'] | undefined
  for (const pause of pauses) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    state = await asUser<Order>(path).then(
      (order) => order.state,
      () => state,
    )
    if (state === 'paid' || state === 'closed' || state === 'failed') return state
  }
  return state
}

let session: string | undefined

/** With the session of this user. A session the server has forgotten is opened once more. */
async function asUser<T>(path: string, question: { method?: 'POST'; data?: object } = {}): Promise<T> {
  const url = config.cashdesk + path
  session ??= await logIn()
  try {
    return await ask<T>(url, { ...question, token: session })
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error
    session = await logIn()
    return ask<T>(url, { ...question, token: session })
  }
}

async function logIn(): Promise<string> {
  const code = await weixinCode()
  const { token } = await ask<{ token: string }>(`${config.cashdesk}/client/v1/sessions`, {
    method: 'POST',
    data: { appid: config.appid, code },
  })
  return token
}
