// Records each request with its verdict, so that a person can find out why it was refused: /_emulator/requests.

import type { Why } from '../platform/refusal.ts'
import type { Explanation } from './v3/gate/explanation.ts'

export interface SeenRequest {
  id: number
  /** RFC 3339. */
  time: string
  method: string
  target: string
  /**
   * `accepted`: the signature is right. `refused`: the signature or the Authorization is wrong.
   * `unsigned`: this path has no signature to verify, or the request was refused before the check.
   */
  verdict: 'accepted' | 'refused' | 'unsigned'
  mchid?: string
  /** The message against which the signature was checked. */
  canonical?: string
  explanation?: Explanation
  /** The field that was refused, and what is wrong with it. */
  why?: Why
  /** The fault that struck. */
  fault?: string
  status?: number
  code?: string
  message?: string
  request_id?: string
  /** The nonce in its Authorization. It identifies a request even when its answer was lost. */
  nonce_str?: string
}

export interface Seen {
  open(entry: Omit<SeenRequest, 'id' | 'verdict'>): SeenRequest
  /** Newest first. */
  list(): SeenRequest[]
  reset(): void
}

const KEPT_MAX = 200

export function createSeen(): Seen {
  let entries: SeenRequest[] = []
  let lastId = 0
  return {
    open(entry) {
      lastId += 1
      const seen: SeenRequest = { id: lastId, verdict: 'unsigned', ...entry }
      entries.push(seen)
      // Old entries are dropped in batches, because shifting the array on every request would be slow.
      if (entries.length > 2 * KEPT_MAX) entries = entries.slice(-KEPT_MAX)
      return seen
    },
    list: () => entries.slice(-KEPT_MAX).reverse(),
    reset() {
      entries = []
    },
  }
}
