// The port to the network that the transport uses: one request, one complete answer. Smaller than fetch, whose classes cost more time than verifying the
// signature.

import type { HeaderSource } from '@cashdesk/protocol'
import type { Fetch, Method } from '../ports.ts'

export interface WireRequest {
  method: Method
  url: string
  headers: Readonly<Record<string, string>>
  body?: string | Uint8Array | undefined
  /** Aborted when the caller no longer waits. */
  signal: AbortSignal
  /** Limit of the answer's size in bytes. */
  bytesMax: number
}

export interface RawAnswer {
  status: number
  headers: HeaderSource
  body: Uint8Array
}

/** Redirects are returned, not followed. @throws TooLarge; any other error is a network failure */
export type Wire = (request: WireRequest) => Promise<RawAnswer>

export class TooLarge extends Error {}

/** Collects the chunks of an answer, up to `bytesMax` bytes. `add` throws TooLarge. */
export function gathering(bytesMax: number): { add(chunk: Uint8Array): void; whole(): Uint8Array } {
  const chunks: Uint8Array[] = []
  let size = 0
  return {
    add(chunk) {
      size += chunk.byteLength
      if (size > bytesMax) throw new TooLarge()
      chunks.push(chunk)
    },
    whole: () => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
  }
}

/** A wire over any fetch. */
export function overFetch(fetch: Fetch): Wire {
  return async ({ method, url, headers, body, signal, bytesMax }) => {
    const init = {
      method,
      headers,
      signal,
      redirect: 'manual' as const,
      ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    }
    const response = await fetch(new Request(url, init))
    const gathered = gathering(bytesMax)
    for await (const chunk of response.body ?? []) gathered.add(chunk)
    return { status: response.status, headers: response.headers, body: gathered.whole() }
  }
}
