// From a tap to a known outcome. Only the server's word means paid: whatever uni.requestPayment says, ask the server.

import { Refusal } from './ask'
import { asUser } from './session'
import type { Checkout } from './shop'
import { type Fields, requestPayment } from './weixin'

export interface Outcome {
  out_trade_no: string
  /** `paid`: the server says so. `pending`: money may be on its way. `cancelled`, `failed`: the server knows of no payment. */
  status: 'paid' | 'pending' | 'cancelled' | 'failed'
  /** For people; empty when paid. */
  message: string
}

/** A payment whose end we have not heard. It outlives the program, which a person may leave at the cashier. */
const PENDING = 'cashdesk.pending'

let paying = false

/** Never rejects. */
export async function pay({ out_trade_no, client_secret }: Checkout): Promise<Outcome> {
  paying = true
  try {
    const fields = await asUser<Fields>(`${pathOf(out_trade_no)}/pay`, { method: 'POST', data: { client_secret } })
    uni.setStorageSync(PENDING, out_trade_no)
    return await settle(out_trade_no, await requestPayment(fields))
  } catch (error) {
    // Paid already, perhaps by a tap whose answer was lost: that is an outcome, not an error.
    if (error instanceof Refusal && error.code === 'order_paid') return await settle(out_trade_no, 'requestPayment:ok')
    return { out_trade_no, status: 'failed', message: error instanceof Error ? error.message : String(error) }
  } finally {
    paying = false
  }
}

/** What became of a payment that the program did not see the end of; undefined when there is none. For App.onShow. */
export async function resume(): Promise<Outcome | undefined> {
  const out_trade_no: unknown = uni.getStorageSync(PENDING)
  if (paying || typeof out_trade_no !== 'string' || out_trade_no === '') return undefined
  return settle(out_trade_no, 'requestPayment:ok')
}

type Said = 'ok' | 'cancel' | 'fail'

/** Before each question. After `ok` the news may take a moment; after `cancel` a payment is rare, but happens. */
const PAUSES_MS: Record<Said, readonly number[]> = { ok: [0, 500, 1000, 2000, 4000], cancel: [0, 1000], fail: [0, 1000] }

async function settle(out_trade_no: string, errMsg: string): Promise<Outcome> {
  const said = /^requestPayment:ok$/.test(errMsg) ? 'ok' : /^requestPayment:(fail[ :]*)?cancel/.test(errMsg) ? 'cancel' : 'fail'
  const state = await askUntilFinal(`${pathOf(out_trade_no)}?client_result=${said}`, PAUSES_MS[said])
  const end = endOf(state, said, errMsg)
  if (end.status !== 'pending') uni.removeStorageSync(PENDING)
  return { out_trade_no, ...end }
}

type State = 'created' | 'ordering' | 'pending' | 'closing' | 'failed' | 'closed' | 'review' | 'paid'

function endOf(state: State | undefined, said: Said, errMsg: string): Omit<Outcome, 'out_trade_no'> {
  if (state === 'paid') return { status: 'paid', message: '' }
  if (state === 'closed' || state === 'failed') return { status: 'failed', message: '订单已关闭' }
  // Without the server's word nothing is known, whatever the phone said.
  if (state === undefined || state === 'review' || said === 'ok') return { status: 'pending', message: '正在等待微信确认' }
  return said === 'cancel' ? { status: 'cancelled', message: '您可以稍后再付' } : { status: 'failed', message: errMsg }
}

/** The last state heard; undefined when the server could not be asked at all. */
async function askUntilFinal(path: string, pauses: readonly number[]): Promise<State | undefined> {
  let state: State | undefined
  for (const pause of pauses) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    try {
      state = (await asUser<{ state: State }>(path)).state
    } catch {
      // Not heard this time; the next question may be.
    }
    if (state === 'paid' || state === 'closed' || state === 'failed') break
  }
  return state
}

function pathOf(out_trade_no: string): string {
  return `/client/v1/orders/${encodeURIComponent(out_trade_no)}`
}
