// Limits the database lookups for tokens that this database did not issue, per address and in total, so that
// invented tokens cannot load the database. Tokens that the database did issue are never limited by this.

import type { Clock } from '@cashdesk/sdk'
import { type Limit, type Limiter, limiter } from './limits.ts'
import type { Replicas } from './replicas.ts'
import { isMinted } from './tokens.ts'

/** Database lookups for unrecognised tokens: those issued by earlier versions, and invented ones. */
const PER_ADDRESS: Limit = { per_second: 1, burst: 20 }
const OF_ALL: Limit = { per_second: 50, burst: 100 }

export interface Strangers {
  /**
   * Calls `find` for the token if the limits allow it.
   * @throws Problem too_many_requests
   */
  lookUp<T>(token: string, address: string | undefined, find: () => Promise<T | undefined>): Promise<T | undefined>
}

export function createStrangers(secret: () => Promise<string>, clock: Clock, replicas: Replicas): Strangers {
  const perAddress: Limiter = limiter(PER_ADDRESS, clock, replicas)
  const ofAll: Limiter = limiter(OF_ALL, clock, replicas)
  return {
    async lookUp(token, address, find) {
      if (isMinted(await secret(), token)) return find()
      if (address !== undefined) perAddress.take(address)
      ofAll.take('all')
      const found = await find()
      if (found !== undefined) {
        // Valid tokens of an earlier version do not count against the limits.
        if (address !== undefined) perAddress.giveBack(address)
        ofAll.giveBack('all')
      }
      return found
    },
  }
}
