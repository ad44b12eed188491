// Chooses the way that a notification travels.

import type { Channel } from './channel.ts'
import type { Notification } from './notification.ts'
import { asPush } from './push.ts'
import { overV2 } from './v2.ts'
import { V3 } from './v3.ts'

export function channelOf({ push, v2 }: Notification): Channel {
  if (push) return asPush(push)
  return v2 ? overV2(v2) : V3
}
