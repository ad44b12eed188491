// What a call to WeChat Pay needs: the signer, the hosts, and the time limits.

import type { V3EndpointName } from '@cashdesk/protocol'
import type { Clock, Fetch, Method, Random } from '../ports.ts'
import type { Signer } from '../signers/signer.ts'
import type { Hooks } from './hooks.ts'
import type { Wire } from './wire.ts'

export interface TransportOptions {
  mchid: string
  signer: Signer
  /** Base URLs, tried in turn; the next one only after a network failure. */
  hosts: readonly string[]
  wire: Wire
  /** The same network as a fetch, for streams. */
  fetch: Fetch
  clock: Clock
  random: Random
  /** Milliseconds for one call with all its attempts. */
  deadline_ms: number
  /** Milliseconds for one attempt. */
  attempt_ms: number
  /** Number of further attempts after the first, if repeating is safe. */
  retries: number
  hooks: Hooks
}

export interface CallOptions {
  signal?: AbortSignal | undefined
  deadline_ms?: number | undefined
}

export interface SignedRequest {
  method: Method
  /** Path and query as sent, already percent-encoded. */
  target: string
  /** The JSON text, or the bytes of an upload. What is signed is sent, byte for byte. */
  body?: string | Uint8Array | undefined
  /** What the signature covers instead of the whole body: the description of an upload. */
  signed?: string | Uint8Array | undefined
  /** Default: application/json. */
  content_type?: string | undefined
  /** The endpoint, if it is one of the specification: it decides what a refusal means. */
  endpoint?: V3EndpointName | undefined
  /** Serial of the key that WeChat should sign the answer with. Absent: no header is sent. */
  serial?: string | undefined
}

/** The host of one attempt and its time limit. */
export interface Attempt {
  number: number
  host: string
  limit_ms: number
  signal?: AbortSignal | undefined
}
