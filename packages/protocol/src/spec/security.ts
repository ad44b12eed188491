// The echo: one call that proves keys, clock, trust, sealing in both directions and, with a notify_url, the way of notifications (security-echo §1).

import { z } from 'zod'
import { V3_ENDPOINTS } from '../endpoints/v3.ts'
import { V3_ERRORS } from '../endpoints/v3-errors.ts'
import type { Endpoint } from './endpoint.ts'
import { cipher, notifyUrl, text } from './values.ts'

export interface EchoRequest {
  echo_message: string
  /** The same text, sealed with the key that `Wechatpay-Serial` names. */
  encrypted_echo_message?: string | undefined
  /** With it WeChat also sends a notification `SECURITY_ECHO.SUCCESS` there. */
  notify_url?: string | undefined
}

export interface EchoAnswer {
  echo_message: string
  /** The opened text, sealed to the merchant's certificate. */
  encrypted_echo_message?: string | undefined
}

/** The content of the notification. WeChat spells the second field differently here. */
export interface EchoNotice {
  echo_message: string
  encrypt_echo_message?: string | undefined
}

export const securityEcho: Endpoint<EchoRequest, never, EchoAnswer> = {
  ...V3_ENDPOINTS.securityEcho,
  errors: V3_ERRORS.securityEcho,
  body: z.strictObject({
    echo_message: text(1024, '回显消息'),
    encrypted_echo_message: cipher.optional(),
    notify_url: notifyUrl.optional(),
  }),
  answer: z.looseObject({ echo_message: z.string(), encrypted_echo_message: z.string().optional() }),
  source: 'pay.weixin.qq.com/doc/v3/merchant/4014551946',
}

export const echoNotice: z.ZodType<EchoNotice> = z.looseObject({
  echo_message: z.string(),
  encrypt_echo_message: z.string().optional(),
})
