// What a phone may ask: never a secret key, never a price.

import { z } from 'zod'

export interface CreateSessionRequest {
  appid: string
  /** From wx.login; works once, for 5 minutes. */
  code: string
}

export const createSessionRequest: z.ZodType<CreateSessionRequest> = z.strictObject({
  appid: z.string().min(1).max(32),
  code: z.string().min(1).max(256),
})

export interface ClientPayRequest {
  /** Given to the phone by the merchant's backend, for this order only. */
  client_secret: string
}

export const clientPayRequest: z.ZodType<ClientPayRequest> = z.strictObject({ client_secret: z.string().min(1).max(128) })

export interface ClientOrderQuery {
  /** What wx.requestPayment said. A hint to ask WeChat now; never a proof. */
  client_result?: 'ok' | 'cancel' | 'fail' | undefined
}

export const clientOrderQuery: z.ZodType<ClientOrderQuery> = z.strictObject({ client_result: z.enum(['ok', 'cancel', 'fail']).optional() })
