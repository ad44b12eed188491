// Quotas per minute and per day; a day is one in Beijing (miniprogram-server-api §3).

import { beijingTime } from '@cashdesk/protocol'
import type { Clock } from '../../ports/clock.ts'

export interface Quota {
  /** Counts one more use of `name`, and returns whether it was within the quota. */
  take(name: string, per: 'minute' | 'day', most: number): boolean
  reset(): void
}

export function createQuota(clock: Clock): Quota {
  const counts = new Map<string, { window: string; count: number }>()
  return {
    take(name, per, most) {
      const window = beijingTime(clock.now()).slice(0, per === 'day' ? 10 : 16)
      const known = counts.get(`${per}/${name}`)
      const count = known?.window === window ? known.count + 1 : 1
      counts.set(`${per}/${name}`, { window, count })
      return count <= most
    },
    reset: () => counts.clear(),
  }
}
