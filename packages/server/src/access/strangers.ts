// What somebody without valid credentials may cost: tokens that this database did not make are looked up only so often, for each address and for all
// addresses together. Tokens that it made are never held up by that.

import type { Clock } from '@cashdesk/sdk'
import { type Limit, type Limiter, limiter } from './limits.ts'
import type { Replicas } from './replicas.ts'
import { isMinted } from './tokens.ts'

/** Looks into the database for tokens that are not recognised: those of earlier versions, and made-up ones. */
const PER_ADDRESS: Limit = { per_second: 1, burst: 20 }
const OF_ALL: Limit = { per_second: 50, burst: 100 }

export interface Strangers {
  /**
   * What `find` finds for the token, asking only where that is worth it.
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
        // Good ones of an earlier version cost nothing, however many there are.
        if (address !== undefined) perAddress.giveBack(address)
        ofAll.giveBack('all')
      }
      return found
    },
  }
}
