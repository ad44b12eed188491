// What a call to WeChat Pay is made of: who signs, where it goes and how long it may take.

import type { Clock, Fetch, Random } from '../ports.ts'
import type { Signer } from '../signers/signer.ts'
import type { Hooks } from './hooks.ts'
import type { Wire } from './wire.ts'

export interface TransportOptions {
  mchid: string
  signer: Signer
  /** Tried in turn, the next one after a network failure only. */
  hosts: readonly string[]
  wire: Wire
  /** The same network for streams. */
  fetch: Fetch
  clock: Clock
  random: Random
  /** For one call with all its attempts. */
  deadline_ms: number
  /** For one attempt. */
  attempt_ms: number
  /** Attempts after the first, where repeating is safe. */
  retries: number
  hooks: Hooks
}

export interface CallOptions {
  signal?: AbortSignal | undefined
  deadline_ms?: number | undefined
}

export interface SignedRequest {
  method: 'GET' | 'POST'
  /** Path and query as they go on the wire, already percent-encoded. */
  target: string
  /** The JSON text: what is signed is what is sent. */
  body?: string | undefined
  /** Key to be used for the answer; not sent when absent. */
  serial?: string | undefined
}

/** Where one attempt goes, and how long it may take. */
export interface Attempt {
  number: number
  host: string
  limit_ms: number
  signal?: AbortSignal | undefined
}
