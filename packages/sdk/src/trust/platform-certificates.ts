// Platform certificates (平台证书, v3-protocol §6): given as PEM, or downloaded from WeChat and proven twice before they count.

import type { KeyObject } from 'node:crypto'
import type { Certificate } from '@cashdesk/protocol'
import { certificate } from '@cashdesk/protocol'
import type { Clock, Random } from '../ports.ts'
import type { Downloaded } from './download.ts'
import type { KeySource, TrustedKey } from './trust.ts'

/** WeChat says: ask at least every 12 hours. A tenth of it is random, so that many servers do not ask at once. */
const REFRESH_AFTER_MS = 12 * 60 * 60 * 1000
/** A serial we do not know makes us ask again, but not more often than this, however many forged ones arrive. */
const UNKNOWN_SERIAL_PAUSE_MS = 60 * 1000
/** With no certificate at all nothing works, so a failed download is repeated soon. */
const EMPTY_PAUSE_MS = 1000

export interface DownloadSource {
  clock: Clock
  random: Random
  /** Verified certificates, or the word that this merchant has none. */
  download(): Promise<Downloaded>
}

/** Certificates handed over as PEM: no download, no rotation. */
export function givenCertificates(pems: readonly string[], clock: Clock): KeySource {
  const known = new Map(pems.map(certificate).map((one) => [one.serial_no, one]))
  const find = (serial: string): KeyObject | undefined => known.get(serial)?.publicKey
  return { known: find, find: async (serial) => find(serial), preferred: async () => newest(known, clock.now()), held: () => held(known) }
}

/** Certificates from WeChat. Nothing is asked before the first use; concurrent users share one download; a due refresh holds nobody up. */
export function downloadedCertificates({ clock, random, download }: DownloadSource): KeySource {
  let known: ReadonlyMap<string, Certificate> = new Map()
  let askedAt = Number.NEGATIVE_INFINITY
  let refreshAfter = REFRESH_AFTER_MS
  let publicKeyOnly = false
  let flight: Promise<void> | undefined
  let failure: unknown

  const refresh = (): Promise<void> => {
    flight ??= download()
      .then((fresh) => {
        publicKeyOnly = fresh === 'none: public key only'
        known = publicKeyOnly ? new Map() : merged(known, fresh as readonly Certificate[], clock.now())
        failure = undefined
      })
      .catch((error: unknown) => {
        failure = error
      })
      .finally(() => {
        askedAt = clock.now()
        refreshAfter = REFRESH_AFTER_MS * (0.9 + 0.1 * ((random(1)[0] ?? 0) / 255))
        flight = undefined
      })
    return flight
  }

  /** What is known stays in use when WeChat cannot be asked; only with nothing known is that an error. */
  const upToDate = async (serial?: string): Promise<ReadonlyMap<string, Certificate>> => {
    const age = clock.now() - askedAt
    const missing = known.size === 0 || (serial !== undefined && !known.has(serial))
    if (!missing) {
      if (age > refreshAfter) void refresh()
      return known
    }
    const pause = publicKeyOnly ? refreshAfter : known.size === 0 ? EMPTY_PAUSE_MS : UNKNOWN_SERIAL_PAUSE_MS
    if (flight || age > pause) await refresh()
    if (known.size === 0 && failure !== undefined) throw failure
    return known
  }

  const valid = (found: Certificate | undefined): KeyObject | undefined =>
    found && clock.now() <= found.notAfter ? found.publicKey : undefined

  return {
    // A due refresh goes by `find`, so what is stale is not at hand.
    known: (serial) => (clock.now() - askedAt > refreshAfter ? undefined : valid(known.get(serial))),
    find: async (serial) => valid((await upToDate(serial)).get(serial)),
    preferred: async () => newest(await upToDate(), clock.now()),
    held: () => held(known),
  }
}

/** Old and new overlap while WeChat changes over; an old one leaves when its time is up. */
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
