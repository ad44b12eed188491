// pay(): from the tap to a known outcome. The phone never decides that money arrived; it asks the server.

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
   * `paid`: the server confirmed it. `pending`: money may be on its way; ask again with resume().
   * `cancelled`: the user left, and the server knows of no payment. `failed`: it certainly failed; `error` says why.
   */
  status: 'paid' | 'pending' | 'cancelled' | 'failed'
  order?: ClientOrder | undefined
  error?: Explanation | undefined
}

export interface Cashdesk {
  /**
   * Opens the session in advance, so that the first payment is quick. Not needed before pay(). Rejects with the platform's error or a RequestError.
   * checkSession is not used: it checks WeChat's session_key, which stays on the server. Our session is renewed when the server does not know it any more.
   */
  login(): Promise<string>
  /** Never rejects. A second call for the same order during the first returns the first one's promise, so a double tap is one payment. */
  pay(input: PayInput): Promise<PayOutcome>
  /** The outcome of a payment whose end the app did not see; undefined if there is none. Call it in App.onShow. */
  resume(): Promise<PayOutcome | undefined>
}

/** Milliseconds before each query. After `ok` WeChat may need a moment; after the others one query is nearly always enough. */
const PAUSES: Readonly<Record<Result, readonly number[]>> = {
  ok: [0, 500, 1000, 2000, 3000],
  cancel: [0, 1000],
  fail: [0, 1000],
}
/** For resume(): some time has passed, so WeChat has the result by now. */
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

  /** The cashier was not shown. `failed` is returned only if that is certain and no earlier attempt is open. */
  const notBegun = async (out_trade_no: string, failure: unknown): Promise<PayOutcome> => {
    const asked = failure instanceof RequestError ? failure : undefined
    // Already paid, perhaps by an earlier tap whose answer was lost: this is a successful outcome.
    if (asked && asked.code === 'order_paid') return settle(out_trade_no, 'ok', undefined)
    const error = explainError(failure)
    const open = host.read(pendingKey)
    if (asked && asked.outcome === 'unknown') {
      // A mark of another order is kept, because the cashier was shown for that order.
      if (open === undefined) host.write(pendingKey, out_trade_no)
      return { status: 'pending', error }
    }
    return open === out_trade_no ? settle(out_trade_no, 'ok', error, RESUME_PAUSES) : { status: 'failed', error }
  }

  /** From here on the buyer may pay, so even an error thrown by the platform counts as its result. */
  const saidAbout = (fields: PaymentFields): Promise<Said> => (async () => host.requestPayment(fields))().then(asSaid, asSaid)

  /** Asks the server for the result, whatever requestPayment reported. */
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
  // Without an answer of the server nothing is known, whatever the phone reported.
  if (!order) return { status: 'pending', error: unheard }
  const { state } = order
  if (state === 'paid') return { status: state, order }
  // Money came that differs from the order. Operators decide, and the buyer must not pay again.
  if (state === 'review') return { status: 'pending', order }
  if (isFinal(order)) return { status: 'failed', order, error: error || LAPSED }
  // The last query failed, and an earlier answer may be out of date.
  if (unheard) return { status: 'pending', order, error: unheard }
  return result === 'ok' ? { status: 'pending', order } : { status: result === 'cancel' ? 'cancelled' : 'failed', order, error }
}

const LAPSED: Explanation = explain({ errMsg: '订单已关闭' })
