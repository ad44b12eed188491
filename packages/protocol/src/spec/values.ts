// Values of several endpoints, with WeChat's limits (v3-endpoints §1). `title` is WeChat's Chinese name, which its refusals use.

import { z } from 'zod'

/** Text of characters that UTF-8 writes in 1–3 bytes (v3-protocol §1: no 4-byte emoji). */
export function text(max: number, title: string): z.ZodString {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\u{10000}-\u{10FFFF}\p{Cc}]*$/u, { error: 'no 4-byte or control characters' })
    .meta({ title })
}

/** Text with a limit that WeChat counts in bytes of UTF-8. */
export function textOfBytes(bytesMax: number, title: string): z.ZodString {
  return text(bytesMax, title).refine((value) => new TextEncoder().encode(value).length <= bytesMax, {
    error: `at most ${bytesMax} bytes in UTF-8`,
  })
}

export const appid: z.ZodString = text(32, '公众账号ID')
export const mchid: z.ZodString = text(32, '商户号')
export const openid: z.ZodString = text(128, '用户标识')

/** 6–32 of digits, letters and `_ - | *`; unique per mchid (for partners per sp_mchid). */
export const outTradeNo: z.ZodString = z
  .string()
  .min(6)
  .max(32)
  .regex(/^[0-9A-Za-z_\-|*]+$/)
  .meta({ title: '商户订单号' })

/** Fen, at least 1. The upper bound is the one for combined sub-orders (v3-endpoints §1): 1000万元. */
export const totalFen: z.ZodInt = z.int().min(1).max(1_000_000_000).meta({ title: '总金额' })

export const currency: z.ZodLiteral<'CNY'> = z.literal('CNY').meta({ title: '货币类型' })

/** `2026-11-24T18:30:00+08:00` (v3-endpoints §1.2). */
export const rfc3339: z.ZodString = z
  .string()
  .max(64)
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/)
  .refine(isDayOfCalendar, { error: 'no such day' })
  .meta({ title: '交易结束时间' })

/** `Date.parse` reads 30 February as 2 March, so the day is read back. A text of another form is judged by its pattern. */
function isDayOfCalendar(time: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(time)?.[0]
  if (day === undefined) return true
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

/**
 * Absolute http(s) URL without query or fragment, at most 255 characters (v3-notifications §3). Loopback addresses are not refused here, because the emulator
 * needs them.
 */
export const notifyUrl: z.ZodString = z
  .string()
  .max(255)
  .regex(/^https?:\/\/[^\s?#]+$/)
  .meta({ title: '通知地址' })

/** A field sealed for WeChat: Base64 of RSA-OAEP (v3-protocol §9). */
export const cipher: z.ZodString = z.string().min(1).max(1024)

/** Ways of paying that the order excludes (v3-endpoints §1). */
export const limitPay: z.ZodArray<z.ZodLiteral<'no_credit'>> = z.array(z.literal('no_credit')).meta({ title: '指定支付方式' })
