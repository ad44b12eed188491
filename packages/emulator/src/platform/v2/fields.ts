// How v2 spells what every answer and notification holds: whose it is, and moments (v2-protocol §1).

import { beijingTime } from '@cashdesk/protocol'

/** What is signed and written as XML. */
export type V2Fields = Readonly<Record<string, string | number | undefined>>

/** Without the characters that XML cannot carry: JSON carries them, and v3 orders are told of over v2 too. */
export function writable(fields: V2Fields): V2Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value.replace(UNWRITABLE, '') : value]),
  )
}

/** All but what XML 1.0 allows; and the carriage return, which its readers turn into a line feed. */
const UNWRITABLE = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

export interface Parties {
  mchid: string
  /** Of the number that signs. */
  appid: string
  sub_mchid?: string | undefined
  sub_appid?: string | undefined
}

export function partyFields({ mchid, appid, sub_mchid, sub_appid }: Parties): V2Fields {
  return { appid, mch_id: mchid, sub_appid, sub_mch_id: sub_mchid }
}

/** `yyyyMMddHHmmss`, Beijing. */
export function compactTime(ms: number): string {
  return beijingTime(ms).replace(/\D/g, '').slice(0, 14)
}
