// pay(): from a tap to a known outcome. The phone never decides that money arrived; it asks the server.

import { apiOver, type CashdeskOptions, type ClientOrder, RequestError } from './api.ts'
import { type Explanation, explain, type Result, resultOf } from './explain.ts'
import type { Said } from './host.ts'

export interface PayInput {
  out_trade_no: string
  /** From the merchant's backend, for this order only. */
  client_secret: string
}

export interface PayOutcome {
  /**
   * `paid`: the server says so. `pending`: money may be on its way; ask again with resume().
   * `cancelled`: the user left, and the server knows of no payment. `failed`: it did not work; `error` says why.
   */
  status: 'paid' | 'pending' | 'cancelled' | 'failed'
  order?: ClientOrder | undefined
  error?: Explanation | undefined
}

export interface Cashdesk {
  /**
   * Opens the session now, so that the first payment is quick. Not needed before pay(). Rejects with the platform's words or a RequestError.
   * There is no checkSession here: it speaks of WeChat's session_key, which stays on the server; our session is renewed when the server forgot it.
   */
  login(): Promise<string>
  /** Never rejects. A second call for the same order while the first runs is the first: a double tap is one payment. */
  pay(input: PayInput): Promise<PayOutcome>
  /** What became of a payment that the app did not see the end of; undefined when there is none. For App.onShow. */
  resume(): Promise<PayOutcome | undefined>
}

/** Pauses before each question. WeChat may need a moment after `ok`; after the others one look settles it nearly always. */
const PAUSES: Readonly<Record<Result, readonly number[]>> = {
  ok: [0, 500, 1000, 2000, 3000],
  cancel: [0, 1000],
  fail: [0, 1000],
}
/** Back after a while: what WeChat had to say it has said by now. */
const RESUME_PAUSES = [0, 1000]

export function createCashdesk(options: CashdeskOptions): Cashdesk {
  const { host } = options
  const api = apiOver(options)
  const pendingKey = `cashdesk.pending.${options.appid}`
  const flights = new Map<string, Promise<PayOutcome>>()

  const pay = async ({ out_trade_no, client_secret }: PayInput): Promise<PayOutcome> => {
    let said: Said
    try {
      const fields = await api.paymentFields(out_trade_no, client_secret)
      host.write(pendingKey, out_trade_no)
      said = await host.requestPayment(fields)
    } catch (error) {
      // Paid already, perhaps by a tap whose answer was lost: that is an outcome, not an error.
      if (error instanceof RequestError && error.code === 'order_paid') return settle(out_trade_no, 'ok', undefined)
      return { status: 'failed', error: asExplanation(error) }
    }
    const result = resultOf(said)
    return settle(out_trade_no, result, result === 'ok' ? undefined : explain(said))
  }

  /** Whatever requestPayment said, the server has the last word. */
  const settle = async (
    out_trade_no: string,
    result: Result,
    error: Explanation | undefined,
    pauses: readonly number[] = PAUSES[result],
  ): Promise<PayOutcome> => {
    let order: ClientOrder | undefined
    let unheard: Explanation | undefined
    for (const pause of pauses) {
      if (pause > 0) await host.wait(pause)
      try {
        order = await api.order(out_trade_no, result)
        if (isFinal(order)) break
      } catch (failure) {
        unheard = asExplanation(failure)
      }
    }
    const outcome = outcomeOf(order, result, error, unheard)
    if (outcome.status !== 'pending') host.remove(pendingKey)
    return outcome
  }

  return {
    login: api.login,
    pay(input) {
      const running = flights.get(input.out_trade_no)
      if (running) return running
      const flight = pay(input)
      flights.set(input.out_trade_no, flight)
      const done = (): void => {
        flights.delete(input.out_trade_no)
      }
      flight.then(done, done)
      return flight
    },
    async resume() {
      const out_trade_no = host.read(pendingKey)
      if (out_trade_no === undefined || flights.has(out_trade_no)) return undefined
      return settle(out_trade_no, 'ok', undefined, RESUME_PAUSES)
    },
  }
}

function isFinal(order: ClientOrder): boolean {
  return order.state === 'paid' || order.state === 'closed' || order.state === 'failed' || order.state === 'review'
}

function outcomeOf(
  order: ClientOrder | undefined,
  result: Result,
  error: Explanation | undefined,
  unheard: Explanation | undefined,
): PayOutcome {
  // Without the server's word nothing is known, whatever the phone said.
  if (!order) return { status: 'pending', error: unheard ?? error }
  if (order.state === 'paid') return { status: 'paid', order }
  // Money came and is not what was ordered: people look at it, and nobody may pay again.
  if (order.state === 'review') return { status: 'pending', order }
  if (order.state === 'closed' || order.state === 'failed') return { status: 'failed', order, error: error ?? LAPSED }
  if (result === 'cancel') return { status: 'cancelled', order, error }
  if (result === 'fail') return { status: 'failed', order, error }
  return { status: 'pending', order }
}

const LAPSED: Explanation = explain({ errMsg: '订单已关闭' })

function asExplanation(error: unknown): Explanation {
  if (error instanceof RequestError) return { errMsg: error.code, zh: error.message, en: `The server refused: ${error.code}.` }
  // A host rejects with what the platform said; anything else is told as it is.
  const said = error as Said | undefined
  return explain(typeof said?.errMsg === 'string' ? said : { errMsg: String(error) })
}
