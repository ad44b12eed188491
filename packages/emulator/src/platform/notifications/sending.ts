// What a request to a merchant carries, for whoever draws what happens here. The request itself is as a merchant must see it, so it cannot say.

import type { FaultName } from '../../faults/catalogue.ts'
import type { Notification } from './notification.ts'

export interface Sending {
  notification: Pick<Notification, 'id' | 'resource'>
  /** The fault that this delivery plays. */
  fault?: FaultName
}

const sendings = new WeakMap<Request, Sending>()

export function labelled(request: Request, sending: Sending): Request {
  sendings.set(request, sending)
  return request
}

export function sendingOf(request: Request): Sending | undefined {
  return sendings.get(request)
}
