// The way a notification travels: over v3, over v2, or as a message push. Each way composes and signs its own request, and reads the answer by its own rule.

import type { FaultName } from '../../faults/catalogue.ts'
import type { ArmedFault } from '../../faults/fault.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { Behaviour } from '../behaviour.ts'
import type { Merchant, Merchants } from '../merchants/merchants.ts'
import type { PushSettings } from '../mini-program/push.ts'
import type { Notification } from './notification.ts'
import type { Taken } from './post.ts'

/** What is needed to compose a notification. */
export interface ChannelWorld {
  clock: Clock
  random: Random
  merchants: Merchants
  behaviour: Behaviour
  /** By appid. */
  pushSettings: ReadonlyMap<string, PushSettings>
}

export interface Channel {
  /** Faults that this notification cannot have, because its message lacks the part that they spoil. */
  impossible: readonly FaultName[]
  /** Milliseconds to wait before the 1st, 2nd, … retry. */
  retries_ms: readonly number[]
  /** Composes the request for one delivery, with new encryption and signature, spoiled as the fault asks. */
  compose(world: ChannelWorld, notification: Notification, fault?: ArmedFault): Request | Promise<Request>
  /** Whether the answer's body confirms its status. */
  taken: Taken
}

/** The merchant whose keys encrypt and sign the notification. */
export function merchantOf({ merchants }: ChannelWorld, { mchid }: Notification): Merchant {
  const merchant = merchants.find(mchid ?? '')
  if (!merchant) throw new TypeError(`no merchant ${mchid}`)
  return merchant
}

/** How WeChat's servers name themselves (v3-notifications §1). */
export const SENDER: Readonly<Record<string, string>> = { 'User-Agent': 'Mozilla/4.0', Accept: '*/*' }

export function requestTo(url: string, headers: Record<string, string>, body: string): Request {
  return new Request(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...SENDER, ...headers },
    body,
  })
}
