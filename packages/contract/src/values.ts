// Values that our API accepts, with their limits. Names are WeChat's wherever the value is WeChat's.

import { z } from 'zod'

/** Text that WeChat can store and any database returns unchanged: no control characters, no unpaired surrogates, no characters of four bytes in UTF-8. */
export function text(max: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\u{10000}-\u{10FFFF}\p{Cc}\p{Cs}]*$/u, {
      error: 'no control characters, no unpaired surrogates and no 4-byte characters (emoji)',
    })
}

export const outTradeNo: z.ZodString = z
  .string()
  .min(6)
  .max(32)
  .regex(/^[0-9A-Za-z_\-|*]+$/, { error: '6–32 of 0-9 A-Z a-z _ - | *' })

/** A user of one mini program. */
export const openid: z.ZodString = z.string().regex(/^[0-9A-Za-z_-]{1,128}$/, { error: '1–128 of 0-9 A-Z a-z _ -' })

/** Integer fen. The bounds are WeChat's. */
export const totalFen: z.ZodInt = z.int({ error: 'an integer count of fen' }).min(1).max(1_000_000_000)

export const merchantId: z.ZodString = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/)

/** The header of `GET /backup` that carries the manifest of the copy, as JSON. */
export const BACKUP_MANIFEST_HEADER: string = 'cashdesk-backup'
