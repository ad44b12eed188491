// Says which notification a request to a merchant carries, for programs that show what happens here.
// It is kept beside the request, because the request itself must look to the merchant like WeChat's.

import type { FaultName } from '../../faults/catalogue.ts'
import type { Notification } from './notification.ts'

export interface Sending {
  notification: Pick<Notification, 'id' | 'resource'>
  /** The fault that is played in this delivery. */
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
