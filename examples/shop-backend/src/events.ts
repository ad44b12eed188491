// Events from Cashdesk: verified as Standard Webhooks says, then applied. An event without a valid signature is refused.

import { Webhook } from 'standardwebhooks'
import type { Order, Refund } from './cashdesk.ts'
import type { Orders } from './orders.ts'

type Event = { type: `order.${string}`; data: Order } | { type: `refund.${string}`; data: Refund }

/** @throws WebhookVerificationError */
export function hearEvent(orders: Orders, secret: string, body: string, headers: Headers): void {
  // Cashdesk signed it, so it has the shape of its contract.
  const event = new Webhook(secret).verify(body, Object.fromEntries(headers)) as Event
  // A real shop would prepare the order here. The version ensures that each change is applied at most once.
  if (isRefund(event)) orders.hearRefund(event.data)
  else orders.hear(event.data)
}

function isRefund(event: Event): event is Event & { data: Refund } {
  return event.type.startsWith('refund.')
}
