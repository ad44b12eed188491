// api.weixin.qq.com for mini programs: login and user data (miniprogram-server-api §1–§4, §7). Errors come as HTTP 200 with an errcode.

import { z } from 'zod'
import { MINI_PROGRAM_ENDPOINTS } from '../endpoints/mini-program.ts'

/** An endpoint of api.weixin.qq.com. Nearly all need the access_token in the query; the caller adds it. */
export interface MiniProgramEndpoint<Body = never, Query = never> {
  method: 'GET' | 'POST'
  path: string
  body?: z.ZodType<Body>
  query?: z.ZodType<Query>
  /** The errcodes of this endpoint, besides the common ones. Their meanings are in MINI_PROGRAM_ERRORS. */
  errcodes: readonly number[]
  /** The section of WeChat's documents. */
  source: string
}

export interface Code2SessionAnswer {
  /** Unique per user and appid, and stable. */
  openid: string
  /** Base64 of 16 bytes. Secret: it must never leave the server. */
  session_key: string
  /** Present only if the mini program is bound to an Open Platform account. */
  unionid?: string | undefined
}

export const code2SessionAnswer: z.ZodType<Code2SessionAnswer> = z.looseObject({
  openid: z.string().min(1),
  session_key: z.string().min(1),
  unionid: z.string().optional(),
})

export interface MiniProgramError {
  errcode: number
  errmsg: string
}

export const miniProgramError: z.ZodType<MiniProgramError> = z.looseObject({ errcode: z.int(), errmsg: z.string() })

/** Text of `1` to `max` characters. */
const word = (max: number): z.ZodString => z.string().min(1).max(max)

export interface Code2SessionQuery {
  /** From wx.login; works once, for 5 minutes. */
  js_code: string
}

export const miniCode2Session: MiniProgramEndpoint<never, Code2SessionQuery> = {
  ...MINI_PROGRAM_ENDPOINTS.miniCode2Session,
  query: z.looseObject({ js_code: word(512) }),
  errcodes: [40013, 40029, 40125, 40163, 40226, 41002, 41004, 41008, 45011],
  source: 'miniprogram-server-api §1',
}

export interface SessionKeyQuery {
  openid: string
  /** HMAC-SHA256 of the empty text with the session_key, lower-case hex. */
  signature: string
  sig_method: 'hmac_sha256'
}

const sessionKeyQuery: z.ZodType<SessionKeyQuery> = z.strictObject({
  openid: word(128),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
  sig_method: z.literal('hmac_sha256'),
})

export const miniCheckSessionKey: MiniProgramEndpoint<never, SessionKeyQuery> = {
  ...MINI_PROGRAM_ENDPOINTS.miniCheckSessionKey,
  query: sessionKeyQuery,
  errcodes: [87009],
  source: 'miniprogram-server-api §2',
}

export const miniResetSessionKey: MiniProgramEndpoint<never, SessionKeyQuery> = {
  ...MINI_PROGRAM_ENDPOINTS.miniResetSessionKey,
  query: sessionKeyQuery,
  errcodes: [40097, 45011, 87007, 87008, 87009],
  source: 'miniprogram-server-api §2',
}

export interface PhoneNumberRequest {
  /** From `<button open-type="getPhoneNumber">`, not from wx.login. Works once, for 5 minutes. */
  code: string
  /** If given, it must be the user to whom the code belongs. */
  openid?: string | undefined
}

export interface PhoneInfo {
  /** With the country code, unless it is a Chinese number. */
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string
  watermark: { timestamp: number; appid: string }
}

export const miniPhoneNumber: MiniProgramEndpoint<PhoneNumberRequest> = {
  ...MINI_PROGRAM_ENDPOINTS.miniPhoneNumber,
  body: z.strictObject({ code: word(512), openid: word(128).optional() }),
  errcodes: [40013, 40029, 45011],
  source: 'miniprogram-server-api §4',
}

/** The payer, and the payment by either of its numbers. */
export interface PaidUnionidQuery {
  openid: string
  transaction_id?: string | undefined
  mch_id?: string | undefined
  out_trade_no?: string | undefined
}

export const miniPaidUnionid: MiniProgramEndpoint<never, PaidUnionidQuery> = {
  ...MINI_PROGRAM_ENDPOINTS.miniPaidUnionid,
  query: z
    .strictObject({
      openid: word(128),
      transaction_id: word(32).optional(),
      mch_id: word(32).optional(),
      out_trade_no: word(32).optional(),
    })
    .refine((q) => q.transaction_id !== undefined || (q.mch_id !== undefined && q.out_trade_no !== undefined), {
      error: 'transaction_id, or mch_id with out_trade_no',
    }),
  errcodes: [40003, 89002, 89300],
  source: 'miniprogram-server-api §7',
}
