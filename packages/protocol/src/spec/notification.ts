// The envelope of every v3 notification, and the content of a payment notification (v3-notifications §1 and §5).

import { z } from 'zod'
import type { SealedResource } from '../cipher/resource.ts'

export interface NotificationResource extends SealedResource {
  /** The kind of the decrypted resource: `transaction`, `refund`, `profitsharing`, … */
  original_type: string
}

export interface NotificationEnvelope {
  /** Notification id, up to 36 characters. Also deduplicate by business numbers. */
  id: string
  /** RFC 3339. */
  create_time: string
  /** `TRANSACTION.SUCCESS`, `REFUND.SUCCESS`, … Dispatch on this *and* `resource.original_type`. */
  event_type: string
  resource_type: string
  summary: string
  resource: NotificationResource
}

export const notificationEnvelope: z.ZodType<NotificationEnvelope> = z.looseObject({
  id: z.string().min(1).max(64),
  create_time: z.string(),
  event_type: z.string().min(1).max(64),
  resource_type: z.literal('encrypt-resource'),
  summary: z.string(),
  resource: z.looseObject({
    original_type: z.string().min(1).max(32),
    algorithm: z.string(),
    ciphertext: z.string().min(1).max(1_048_576),
    associated_data: z.string().optional(),
    nonce: z.string(),
  }),
})
