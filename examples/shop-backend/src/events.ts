// Events from Cashdesk: verified as Standard Webhooks says, then heard. Without a valid signature nothing is believed.

import { Webhook } from 'standardwebhooks'
import type { Order, Refund } from './cashdesk.ts'
import type { Orders } from './orders.ts'

type Event = { type: `order.${string}`; data: Order } | { type: `refund.${string}`; data: Refund }

/** @throws WebhookVerificationError */
export function hearEvent(orders: Orders, secret: string, body: string, headers: Headers): void {
  // Signed by Cashdesk, so it is what its contract says.
  const event = new Webhook(secret).verify(body, Object.fromEntries(headers)) as Event
  // Here a real shop would start to grind the beans. Both hear each change at most once: versions see to that.
  if (isRefund(event)) orders.hearRefund(event.data)
  else orders.hear(event.data)
}

function isRefund(event: Event): event is Event & { data: Refund } {
  return event.type.startsWith('refund.')
}
