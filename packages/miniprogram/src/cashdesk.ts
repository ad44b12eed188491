// pay(): from a tap to a known outcome. The phone never decides that money arrived; it asks the server.

import type { ClientOrder } from './answers.ts'
import { apiOver, type CashdeskOptions } from './api.ts'
import { asSaid, type Explanation, explain, explainError, type Result, resultOf } from './explain.ts'
import type { PaymentFields, Said } from './host.ts'
import { RequestError } from './request-error.ts'

export interface PayInput {
  out_trade_no: string
  /** From the merchant's backend, for this order only. */
  client_secret: string
}

export interface PayOutcome {
  /**
   * `paid`: the server says so. `pending`: money may be on its way; ask again with resume().
   * `cancelled`: the user left, and the server knows of no payment. `failed`: it certainly did not work; `error` says why.
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
    let fields: PaymentFields
    try {
      fields = await api.paymentFields(out_trade_no, client_secret)
      host.write(pendingKey, out_trade_no)
    } catch (error) {
      return notBegun(out_trade_no, error)
    }
    const said = await saidAbout(fields)
    const result = resultOf(said)
    return settle(out_trade_no, result, result === 'ok' ? undefined : explain(said))
  }

  /** No cashier was shown. That the payment failed is said only when it is certain, and when no earlier attempt is open. */
  const notBegun = async (out_trade_no: string, failure: unknown): Promise<PayOutcome> => {
    const asked = failure instanceof RequestError ? failure : undefined
    // Paid already, perhaps by a tap whose answer was lost: that is an outcome, not an error.
    if (asked && asked.code === 'order_paid') return settle(out_trade_no, 'ok', undefined)
    const error = explainError(failure)
    const open = host.read(pendingKey)
    if (asked && asked.outcome === 'unknown') {
      // The mark of another order stays: its cashier was shown.
      if (open === undefined) host.write(pendingKey, out_trade_no)
      return { status: 'pending', error }
    }
    return open === out_trade_no ? settle(out_trade_no, 'ok', error, RESUME_PAUSES) : { status: 'failed', error }
  }

  /** Once the platform has the fields the buyer may pay, so a platform that throws is one more thing that was said. */
  const saidAbout = (fields: PaymentFields): Promise<Said> => (async () => host.requestPayment(fields))().then(asSaid, asSaid)

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
      try {
        if (pause > 0) await host.wait(pause)
        order = await api.order(out_trade_no, result)
        unheard = undefined
        if (isFinal(order)) break
      } catch (failure) {
        unheard = explainError(failure)
      }
    }
    const outcome = outcomeOf(order, result, error, unheard)
    if (outcome.status !== 'pending' && host.read(pendingKey) === out_trade_no) host.remove(pendingKey)
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

function isFinal({ state }: ClientOrder): boolean {
  return /^(paid|closed|failed|review)$/.test(state)
}

function outcomeOf(
  order: ClientOrder | undefined,
  result: Result,
  error: Explanation | undefined,
  unheard: Explanation | undefined,
): PayOutcome {
  // Without the server's word nothing is known, whatever the phone said.
  if (!order) return { status: 'pending', error: unheard }
  const { state } = order
  if (state === 'paid') return { status: state, order }
  // Money came and is not what was ordered: people look at it, and nobody may pay again.
  if (state === 'review') return { status: 'pending', order }
  if (isFinal(order)) return { status: 'failed', order, error: error || LAPSED }
  // The last look was not heard: what was true at an earlier one may have changed since.
  if (unheard) return { status: 'pending', order, error: unheard }
  return result === 'ok' ? { status: 'pending', order } : { status: result === 'cancel' ? 'cancelled' : 'failed', order, error }
}

const LAPSED: Explanation = explain({ errMsg: '订单已关闭' })
