// Answers that arrive badly: cut in half, in small pieces over a long time, or not at all until the time is over.

import type { ArmedFault } from '../faults/fault.ts'
import type { Clock } from '../ports/clock.ts'
import { ConnectionLost } from './connection-lost.ts'

const TIMEOUT_SECONDS = 600
const DRIP_SECONDS = 10
const DRIP_PIECES = 10

/** Plays the fault on this answer. @throws ConnectionLost when the time is over, or at once for an answer without a body */
export async function badly(clock: Clock, response: Response, fault: ArmedFault): Promise<Response> {
  if (fault.fault === 'answer.timeout') {
    await wait(clock, (fault.seconds ?? TIMEOUT_SECONDS) * 1000)
    throw new ConnectionLost(fault.fault)
  }
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (fault.fault === 'answer.truncated') {
    if (bytes.byteLength === 0) throw new ConnectionLost(fault.fault)
    return withBody(response, bytes.byteLength, half(bytes))
  }
  return withBody(response, bytes.byteLength, drops(clock, bytes, (fault.seconds ?? DRIP_SECONDS) * 1000))
}

/** The content-length is that of the whole body, even when the fault cuts the body off. */
function withBody({ status, headers }: Response, length: number, pieces: AsyncGenerator<Uint8Array>): Response {
  const promised = new Headers(headers)
  promised.set('Content-Length', String(length))
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        controller.error(error)
      }
    },
  })
  return new Response(status === 204 ? null : body, { status, headers: promised })
}

async function* half(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, Math.ceil(bytes.byteLength / 2))
  throw new ConnectionLost('answer.truncated')
}

async function* drops(clock: Clock, bytes: Uint8Array, ms: number): AsyncGenerator<Uint8Array> {
  const size = Math.max(1, Math.ceil(bytes.byteLength / DRIP_PIECES))
  for (let start = 0; start < bytes.byteLength; start += size) {
    if (start > 0) await wait(clock, ms / DRIP_PIECES)
    yield bytes.subarray(start, start + size)
  }
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.timer(ms, resolve))
}
