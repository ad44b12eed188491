// Writes down each HTTP exchange that passes through a `fetch`: who asked whom, what was said, how long it took.

import { type Clock, type FaultName, type Fetch, nonceOf, sendingOf } from '@cashdesk/emulator'

export type Party = 'phone' | 'shop' | 'server' | 'wechat'

export interface Exchange {
  id: number
  /** Epoch milliseconds. */
  at: number
  from: Party
  to: Party
  method: string
  /** With its query, without the AppSecret in it. */
  path: string
  /** Absent while no answer has come. */
  status?: number
  /** Why no answer came. */
  error?: string
  ms?: number
  /** Bodies as text, cut when long. */
  request: string
  answer?: string
  /** WeChat's name for it. */
  request_id?: string
  /** From its Authorization. */
  nonce_str?: string
  /** WeChat's answer carries a signature. */
  answer_signed?: boolean
  /** Of a notification: what is sealed in it. */
  resource?: unknown
  /** The fault that was played. */
  fault?: FaultName
}

export interface Exchanges {
  /** The same `fetch`, with everybody listening. */
  recorded(from: Party, to: Party, fetch: Fetch): Fetch
  /** Oldest first. */
  list(): readonly Exchange[]
  clear(): void
}

const KEPT_MAX = 300
const BODY_CHARACTERS_MAX = 4000

export function createExchanges(clock: Clock): Exchanges {
  let kept: Exchange[] = []
  let lastId = 0

  return {
    recorded: (from, to, fetch) => async (request) => {
      const { pathname, search } = new URL(request.url)
      const sent = await request.clone().text()
      const exchange: Exchange = {
        id: ++lastId,
        at: clock.now(),
        from,
        to,
        method: request.method,
        path: shownTarget(pathname + search),
        request: sent.slice(0, BODY_CHARACTERS_MAX),
        ...labelOf(request),
      }
      kept.push(exchange)
      if (kept.length > KEPT_MAX) kept = kept.slice(-KEPT_MAX)
      try {
        const response = await fetch(request)
        exchange.status = response.status
        exchange.ms = clock.now() - exchange.at
        const request_id = response.headers.get('request-id')
        if (request_id !== null) exchange.request_id = request_id
        if (to === 'wechat') exchange.answer_signed = response.headers.has('wechatpay-signature')
        // Read from a copy: whoever asked still gets the body, at its own pace.
        response
          .clone()
          .text()
          .then(
            (text) => {
              exchange.answer = text.slice(0, BODY_CHARACTERS_MAX)
            },
            () => {
              exchange.error = 'the answer broke off'
            },
          )
        return response
      } catch (error) {
        exchange.error = reasonOf(error)
        exchange.ms = clock.now() - exchange.at
        throw error
      }
    },
    list: () => kept,
    clear() {
      kept = []
    },
  }
}

/** What is shown on a screen is shown to whoever looks over a shoulder. */
export function shownTarget(target: string): string {
  return target.replace(/([?&]secret=)[^&]*/, '$1…')
}

function labelOf(request: Request): Pick<Exchange, 'nonce_str' | 'resource' | 'fault'> {
  const nonce_str = nonceOf(request.headers)
  const sending = sendingOf(request)
  return {
    ...(nonce_str !== undefined && { nonce_str }),
    ...(sending && { resource: sending.notification.resource }),
    ...(sending?.fault && { fault: sending.fault }),
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
