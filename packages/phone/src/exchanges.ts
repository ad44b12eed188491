// Records each HTTP exchange that passes through a `fetch`: who asked whom, what was sent, how long it took.

import { type Clock, type FaultName, type Fetch, nonceOf, sendingOf } from '@cashdesk/emulator'

export type Party = 'phone' | 'shop' | 'server' | 'wechat'

export interface Exchange {
  id: number
  /** Epoch milliseconds. */
  at: number
  from: Party
  to: Party
  method: string
  /** The path with its query; the AppSecret in it is hidden. */
  path: string
  /** Absent until an answer has come. */
  status?: number
  /** Why there was no answer. */
  error?: string
  ms?: number
  /** Bodies as text; long ones are cut. */
  request: string
  answer?: string
  /** WeChat's id of the request. */
  request_id?: string
  /** The nonce in the request's Authorization. */
  nonce_str?: string
  /** Whether WeChat's answer carries a signature. */
  answer_signed?: boolean
  /** For a notification: its content before encryption. */
  resource?: unknown
  /** The fault that was played. */
  fault?: FaultName
}

export interface Exchanges {
  /** The same `fetch`, which now records each exchange. */
  recorded(from: Party, to: Party, fetch: Fetch): Fetch
  /** The recorded exchanges, oldest first. */
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
        // A copy of the answer is read, so that the caller can still read the body at its own pace.
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

/** Hides the AppSecret, because people other than the developer can see the screen. */
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
