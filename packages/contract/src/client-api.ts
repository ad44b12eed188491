// What a phone may ask. A request contains no secret API key and no price.

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
  /** What wx.requestPayment reported. The server then asks WeChat at once; it never takes this as proof of payment. */
  client_result?: 'ok' | 'cancel' | 'fail' | undefined
}

export const clientOrderQuery: z.ZodType<ClientOrderQuery> = z.strictObject({ client_result: z.enum(['ok', 'cancel', 'fail']).optional() })
