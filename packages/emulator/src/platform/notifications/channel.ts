// How a notification travels: over v3, over v2, or as a message push. Each composes and signs its own request, and reads its own answer.

import type { FaultName } from '../../faults/catalogue.ts'
import type { ArmedFault } from '../../faults/fault.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { Behaviour } from '../behaviour.ts'
import type { Merchant, Merchants } from '../merchants/merchants.ts'
import type { PushSettings } from '../mini-program/push.ts'
import type { Notification } from './notification.ts'
import type { Taken } from './post.ts'

/** What notifications are made with. */
export interface ChannelWorld {
  clock: Clock
  random: Random
  merchants: Merchants
  behaviour: Behaviour
  /** By appid. */
  pushSettings: ReadonlyMap<string, PushSettings>
}

export interface Channel {
  /** Faults that cannot strike here, because the message lacks what they spoil. */
  impossible: readonly FaultName[]
  /** Waits before the 1st, 2nd, … retry. */
  retries_ms: readonly number[]
  /** Sealed and signed anew, as the fault asks. */
  compose(world: ChannelWorld, notification: Notification, fault?: ArmedFault): Request | Promise<Request>
  /** Whether the answer's body lets its status count. */
  taken: Taken
}

/** Who signs it. */
export function merchantOf({ merchants }: ChannelWorld, { mchid }: Notification): Merchant {
  const merchant = merchants.find(mchid ?? '')
  if (!merchant) throw new TypeError(`no merchant ${mchid}`)
  return merchant
}

export function requestTo(url: string, headers: Record<string, string>, body: string): Request {
  return new Request(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'User-Agent': 'Mozilla/4.0', Accept: '*/*', ...headers },
    body,
  })
}
