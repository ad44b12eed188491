// The requests that this process works on, and for how long it has. One request waits in many short queues (the loop, the pool, the database, sockets): none of
// them looks long when all together make seconds, so what is measured is the whole. Waiting for others, a slow sender or WeChat, does not count.

import { AsyncLocalStorage } from 'node:async_hooks'

/** Fewer are no crowd: one long list or export does not mean that everybody waits. */
const CROWD = 16

interface Work {
  began: number
  /** Since when it waits for others, if it does. */
  away_since: number | undefined
}

export interface InHand {
  /** Counts a request until it ends. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Milliseconds that a request needs now, judged by those that have not ended. */
  age_ms(): number
}

const current = new AsyncLocalStorage<Work>()

export function createInHand(): InHand {
  const all = new Set<Work>()
  return {
    async during(act) {
      const work: Work = { began: performance.now(), away_since: undefined }
      all.add(work)
      try {
        return await current.run(work, act)
      } finally {
        all.delete(work)
      }
    },
    age_ms() {
      const now = performance.now()
      const ages: number[] = []
      for (const { began, away_since } of all) if (away_since === undefined) ages.push(now - began)
      if (ages.length < CROWD) return 0
      // First come, first served: when the one in the middle has waited so long, the last will have waited twice that.
      return 2 * (ages.sort((a, b) => a - b)[ages.length >> 1] ?? 0)
    },
  }
}

/** While it lasts, the request that this belongs to waits for somebody else. */
export async function elsewhere<T>(wait: () => Promise<T>): Promise<T> {
  const work = current.getStore()
  if (!work || work.away_since !== undefined) return wait()
  work.away_since = performance.now()
  try {
    return await wait()
  } finally {
    work.began += performance.now() - work.away_since
    work.away_since = undefined
  }
}
