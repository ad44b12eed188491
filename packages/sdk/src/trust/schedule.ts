// When certificates are downloaded: every 12 hours, and sooner for a missing one, but with a limit that strangers cannot exceed.

import type { Clock, Random } from '../ports.ts'
import type { Downloaded } from './download.ts'

/** WeChat requires a download at least every 12 hours. A tenth of the pause is random, so that many servers do not download at the same time. */
const REFRESH_AFTER_MS = 12 * 60 * 60 * 1000
/** An unknown serial causes a download, but not more often than this, however many forged serials arrive. */
const UNKNOWN_SERIAL_PAUSE_MS = 60 * 1000
/** Without any certificate nothing works, so a failed download is repeated soon. The pause doubles with each failure, up to the pause above. */
const EMPTY_PAUSE_MS = 1000
export interface DownloadSchedule {
  /** Whether a refresh in the background is due. */
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

  /** If the clock was set back, the age is negative and says nothing about the last download, so a download is due. */
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
      // An unsigned statement can come from a proxy or firewall, so it counts as a failure, however often it comes.
      const settled = publicKeyOnly || (how !== 'failed' && how.kind === 'certificates')
      failures = settled ? 0 : failures + 1
      // After a failure the pause is the one for unknown serials, so that a certificate does not expire before its successor is downloaded.
      refreshAfter = settled ? REFRESH_AFTER_MS * (0.9 + 0.1 * ((random(1)[0] ?? 0) / 255)) : UNKNOWN_SERIAL_PAUSE_MS
    },
  }
}
