// What the transport needs of the network: one request, one whole answer. Leaner than fetch's classes, which cost more than the signature's check.

import type { HeaderSource } from '@cashdesk/protocol'
import type { Fetch } from '../ports.ts'

export interface WireRequest {
  method: 'GET' | 'POST'
  url: string
  headers: Readonly<Record<string, string>>
  body?: string | undefined
  /** Nobody waits any more. */
  signal: AbortSignal
  /** Largest answer taken. */
  bytesMax: number
}

export interface RawAnswer {
  status: number
  headers: HeaderSource
  body: Uint8Array
}

/** Redirects are handed over, not followed. @throws TooLarge; anything else is a failure of the network */
export type Wire = (request: WireRequest) => Promise<RawAnswer>

export class TooLarge extends Error {}

/** Bytes of an answer as they come, up to so many. */
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

/** The wire over any fetch. */
export function overFetch(fetch: Fetch): Wire {
  return async ({ method, url, headers, body, signal, bytesMax }) => {
    const init = { method, headers, signal, redirect: 'manual' as const, ...(body !== undefined && { body }) }
    const response = await fetch(new Request(url, init))
    const gathered = gathering(bytesMax)
    for await (const chunk of response.body ?? []) gathered.add(chunk)
    return { status: response.status, headers: response.headers, body: gathered.whole() }
  }
}
