// What was seen of each request, for people who ask why: /_emulator/requests.

import type { Explanation } from './v3/gate/explanation.ts'

export interface SeenRequest {
  id: number
  /** RFC 3339. */
  time: string
  method: string
  target: string
  /** `accepted`: signature good. `refused`: signature or Authorization not good. `unsigned`: nothing to verify here, or refused before it. */
  verdict: 'accepted' | 'refused' | 'unsigned'
  mchid?: string
  /** The message that the signature was checked against. */
  canonical?: string
  explanation?: Explanation
  /** The fault that struck. */
  fault?: string
  status?: number
  code?: string
  message?: string
  request_id?: string
  /** From its Authorization: what tells a request whose answer was lost. */
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
      // Dropped in batches: shifting one by one would cost on every request.
      if (entries.length > 2 * KEPT_MAX) entries = entries.slice(-KEPT_MAX)
      return seen
    },
    list: () => entries.slice(-KEPT_MAX).reverse(),
    reset() {
      entries = []
    },
  }
}
