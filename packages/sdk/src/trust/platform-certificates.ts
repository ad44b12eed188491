// Platform certificates (平台证书, v3-protocol §6): given as PEM, or downloaded from WeChat and verified twice before they are trusted.

import type { KeyObject } from 'node:crypto'
import type { Certificate } from '@cashdesk/protocol'
import { certificate } from '@cashdesk/protocol'
import type { Clock, Random } from '../ports.ts'
import type { Downloaded, TrustedBefore } from './download.ts'
import { downloadSchedule } from './schedule.ts'
import type { KeySource, TrustedKey } from './trust.ts'

export interface DownloadSource {
  clock: Clock
  random: Random
  /** Makes one request to WeChat. `trusted` finds the certificates that are already valid. */
  download(trusted: TrustedBefore): Promise<Downloaded>
}

/** Certificates given as PEM: no download, no rotation. */
export function givenCertificates(pems: readonly string[], clock: Clock): KeySource {
  const known = new Map(pems.map(certificate).map((one) => [one.serial_no, one]))
  const find = (serial: string): KeyObject | undefined => keyOf(known.get(serial), clock.now())
  return { known: find, find: async (serial) => find(serial), preferred: async () => newest(known, clock.now()), held: () => held(known) }
}

/**
 * Certificates from WeChat. Nothing is downloaded before the first use. Concurrent callers share one download. A due refresh runs in the background.
 * A certificate is removed only when it has expired. An unsigned, unreadable or missing answer never removes one.
 */
export function downloadedCertificates({ clock, random, download }: DownloadSource): KeySource {
  let known: ReadonlyMap<string, Certificate> = new Map()
  let flight: Promise<void> | undefined
  let failure: unknown
  const schedule = downloadSchedule(clock, random)
  const valid = (serial: string): KeyObject | undefined => keyOf(known.get(serial), clock.now())
  const anyValid = (): boolean => newest(known, clock.now()) !== undefined

  const refresh = (): Promise<void> => {
    flight ??= download(valid)
      .then((fresh) => {
        if (fresh.kind === 'certificates') known = merged(known, fresh.certificates, clock.now())
        failure = fresh.kind === 'none' ? fresh.cause : undefined
        schedule.ended(fresh)
      })
      .catch((error: unknown) => {
        failure = error
        schedule.ended('failed')
      })
      .finally(() => {
        flight = undefined
      })
    return flight
  }

  /** Waits for the download only if the key is missing, and starts one only if the schedule allows. */
  const upToDate = async (missing: boolean): Promise<void> => {
    if (!missing) {
      if (schedule.refreshDue()) void refresh()
      return
    }
    if (flight || schedule.mayAsk(anyValid())) await refresh()
  }

  return {
    // While a refresh is due, `known` returns nothing, so that the caller uses `find`, which starts the refresh.
    known: (serial) => (schedule.refreshDue() ? undefined : valid(serial)),
    async find(serial) {
      await upToDate(valid(serial) === undefined)
      const key = valid(serial)
      // With no valid certificate the reason is the failed download. Otherwise the serial is simply unknown.
      if (!key && !anyValid() && failure !== undefined) throw failure
      return key
    },
    async preferred() {
      await upToDate(!anyValid())
      const key = newest(known, clock.now())
      if (!key && failure !== undefined) throw failure
      return key
    },
    held: () => held(known),
  }
}

function keyOf(found: Certificate | undefined, now: number): KeyObject | undefined {
  return found && now <= found.notAfter ? found.publicKey : undefined
}

/** Old and new certificates are both valid while WeChat changes over; an old one is removed when it has expired. */
function merged(known: ReadonlyMap<string, Certificate>, fresh: readonly Certificate[], now: number): ReadonlyMap<string, Certificate> {
  const all = [...known.values(), ...fresh].filter((one) => one.notAfter >= now)
  return new Map(all.map((one) => [one.serial_no, one]))
}

function held(known: ReadonlyMap<string, Certificate>): TrustedKey[] {
  return [...known.values()].map(({ serial_no, notAfter }) => ({ serial: serial_no, not_after: notAfter }))
}

function newest(known: ReadonlyMap<string, Certificate>, now: number): { serial: string; key: KeyObject } | undefined {
  const [first] = [...known.values()].filter((one) => one.notBefore <= now && now <= one.notAfter).sort((a, b) => b.notAfter - a.notAfter)
  return first && { serial: first.serial_no, key: first.publicKey }
}
