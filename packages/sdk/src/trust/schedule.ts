// When WeChat is asked for its certificates: every 12 hours, sooner for a missing one, and never as often as a stranger would like.

import type { Clock, Random } from '../ports.ts'
import type { Downloaded } from './download.ts'

/** WeChat says: ask at least every 12 hours. A tenth of it is random, so that many servers do not ask at once. */
const REFRESH_AFTER_MS = 12 * 60 * 60 * 1000
/** A serial we do not know makes us ask again, but not more often than this, however many forged ones arrive. */
const UNKNOWN_SERIAL_PAUSE_MS = 60 * 1000
/** With no certificate at all nothing works, so a failed download is repeated soon; doubled with each failure, up to the pause above. */
const EMPTY_PAUSE_MS = 1000
export interface DownloadSchedule {
  /** Whether what is known is due for a refresh in the background. */
  refreshDue(): boolean
  /** Whether a missing key justifies a download now. */
  mayAsk(anyValid: boolean): boolean
  ended(how: Downloaded | 'failed'): void
}

export function downloadSchedule(clock: Clock, random: Random): DownloadSchedule {
  let askedAt = Number.NEGATIVE_INFINITY
  let refreshAfter = 0
  let failures = 0
  let publicKeyOnly = false

  /** A clock that was set back makes a negative age: then nothing is known about the last download, and it is due. */
  const older = (pause: number): boolean => {
    const age = clock.now() - askedAt
    return age > pause || age < 0
  }
  const emptyPause = (): number => {
    if (publicKeyOnly) return refreshAfter
    return Math.min(UNKNOWN_SERIAL_PAUSE_MS, EMPTY_PAUSE_MS * 2 ** Math.max(0, Math.min(failures, 10) - 1))
  }

  return {
    refreshDue: () => older(refreshAfter),
    mayAsk: (anyValid) => older(anyValid ? UNKNOWN_SERIAL_PAUSE_MS : emptyPause()),
    ended(how) {
      askedAt = clock.now()
      publicKeyOnly = how !== 'failed' && how.kind === 'none' && how.signed
      // An unsigned statement can come from anything that stands between, so it counts as a failure, however often it is made.
      const settled = publicKeyOnly || (how !== 'failed' && how.kind === 'certificates')
      failures = settled ? 0 : failures + 1
      // What failed is repeated after the same pause that bounds unknown serials, so that a certificate does not expire unnoticed.
      refreshAfter = settled ? REFRESH_AFTER_MS * (0.9 + 0.1 * ((random(1)[0] ?? 0) / 255)) : UNKNOWN_SERIAL_PAUSE_MS
    },
  }
}
