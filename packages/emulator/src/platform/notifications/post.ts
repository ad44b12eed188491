// Posts one request to a merchant's server, and waits 5 seconds for the answer (v3-notifications §3, v2-protocol §10).

import { isV2ReplyOk } from '@cashdesk/protocol/v2'
import type { Clock } from '../../ports/clock.ts'
import { labelled, type Sending } from './sending.ts'

/** A function that answers HTTP requests, like the global `fetch`. */
export type Fetch = (request: Request) => Promise<Response>

const DELIVERY_TIMEOUT_MS = 5000

export interface PostWorld {
  clock: Clock
  fetch: Fetch
}

/** The answer's status, or why there was none. */
export type Heard = { status: number; error?: string } | { error: string }

/** Whether the answer's body confirms its status. */
export type Taken = (response: Response) => Promise<boolean>

export const takenV3: Taken = async (response) => {
  await response.body?.cancel()
  return true
}

/** v2 requires status 200 and return_code SUCCESS (v2-protocol §10). */
export const takenV2: Taken = async (response) => isV2ReplyOk(await response.text()) && response.status === 200

/** Posts the request. A timer races with the fetch, so that the time limit also holds for a fetch that ignores its signal. */
export async function post(world: PostWorld, request: Request, taken: Taken, sending?: Sending): Promise<Heard> {
  const controller = new AbortController()
  let cancel: (() => void) | undefined
  const timeout = new Promise<{ error: string }>((resolve) => {
    cancel = world.clock.timer(DELIVERY_TIMEOUT_MS, () => {
      resolve({ error: 'timeout' })
      controller.abort()
    })
  })
  const timed = new Request(request, { signal: controller.signal })
  try {
    return await Promise.race([timeout, send(world.fetch, sending ? labelled(timed, sending) : timed, taken)])
  } finally {
    cancel?.()
  }
}

async function send(fetch: Fetch, request: Request, taken: Taken): Promise<Heard> {
  try {
    const response = await fetch(request)
    const { status } = response
    return (await taken(response)) ? { status } : { status, error: 'reply' }
  } catch {
    return { error: 'network' }
  }
}
