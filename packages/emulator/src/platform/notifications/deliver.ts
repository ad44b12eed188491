// Delivers a notification once: composes it, posts it, and gives the result after at most 5 seconds (v3-notifications §1 and §3).

import { beijingTime } from '@cashdesk/protocol'
import type { ArmedFault } from '../../faults/fault.ts'
import type { ChannelWorld } from './channel.ts'
import { channelOf } from './channels.ts'
import type { Delivery, Notification } from './notification.ts'
import { type Fetch, post } from './post.ts'

export interface DeliveryWorld extends ChannelWorld {
  fetch: Fetch
}

export async function deliver(world: DeliveryWorld, notification: Notification, fault?: ArmedFault): Promise<Delivery> {
  const time = beijingTime(world.clock.now())
  const struck = fault && { fault: fault.fault }
  if (fault?.fault === 'notification.lost') return { time, error: 'lost', ...struck }
  const { compose, taken } = channelOf(notification)
  const request = await compose(world, notification, fault)
  return { time, ...(await post(world, request, taken, { notification, ...struck })), ...struck }
}
