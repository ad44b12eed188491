// A notification over v2, as XML: a payment is signed, a refund is encrypted (v2-protocol §10, §11).

import { composeV2, V2_IMPOSSIBLE } from '../v2/compose.ts'
import type { V2Fields } from '../v2/fields.ts'
import { type Channel, merchantOf, requestTo } from './channel.ts'
import { RETRY_SCHEDULE_MS, type V2Notice } from './notification.ts'
import { takenV2 } from './post.ts'

export function overV2(notice: V2Notice): Channel {
  return {
    impossible: V2_IMPOSSIBLE[notice.kind],
    retries_ms: RETRY_SCHEDULE_MS,
    compose(world, notification, fault) {
      const { apiV2Key } = merchantOf(world, notification)
      // The resource of a v2 notification is made of v2's fields.
      const body = composeV2(world.random, apiV2Key, notice, notification.resource as V2Fields, fault?.fault)
      return requestTo(notification.notify_url, { 'Content-Type': 'text/xml' }, body)
    },
    taken: takenV2,
  }
}
