// Measures how long requests take in this process. A request waits in many short queues (the loop, the pool, the database, sockets); none of them
// looks long even when together they take seconds, so the total is measured. Time spent waiting for a slow sender or for WeChat does not count.

import { AsyncLocalStorage } from 'node:async_hooks'

/** With fewer requests under way the age is 0: one long list or export does not mean that all requests wait. */
const CROWD = 16

interface Work {
  began: number
  /** Since when it waits for somebody else (`elsewhere`), if it does. */
  away_since: number | undefined
}

export interface InHand {
  /** Counts a request until it ends. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Estimated milliseconds that a new request needs, from the age of those that have not ended. */
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
      // Requests are served in order: if the median one has waited so long, a new one will wait about twice that.
      return 2 * (ages.sort((a, b) => a - b)[ages.length >> 1] ?? 0)
    },
  }
}

/** Excludes the time of `wait` from the age of the current request: it waits for somebody else then. */
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
