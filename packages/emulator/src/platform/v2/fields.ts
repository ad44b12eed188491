// The fields that all v2 answers and notifications have, the parties and times, in v2's format (v2-protocol §1).

import { beijingTime } from '@cashdesk/protocol'

/** The fields that are signed and written as XML. */
export type V2Fields = Readonly<Record<string, string | number | undefined>>

/** Removes the characters that XML cannot carry. Orders made over v3 can contain them, because JSON can, and they too can be answered over v2. */
export function writable(fields: V2Fields): V2Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value.replace(UNWRITABLE, '') : value]),
  )
}

/** Every character that XML 1.0 does not allow, and the carriage return, which XML readers turn into a line feed. */
const UNWRITABLE = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

export interface Parties {
  mchid: string
  /** The appid of the number that signs. */
  appid: string
  sub_mchid?: string | undefined
  sub_appid?: string | undefined
}

export function partyFields({ mchid, appid, sub_mchid, sub_appid }: Parties): V2Fields {
  return { appid, mch_id: mchid, sub_appid, sub_mch_id: sub_mchid }
}

/** `yyyyMMddHHmmss`, Beijing time. */
export function compactTime(ms: number): string {
  return beijingTime(ms).replace(/\D/g, '').slice(0, 14)
}
