// api.weixin.qq.com for mini programs: login (miniprogram-server-api §1). Errors come as HTTP 200 with an errcode.

import { z } from 'zod'

export const CODE2SESSION_PATH = '/sns/jscode2session'

export interface Code2SessionAnswer {
  /** Unique per user and appid; stable. */
  openid: string
  /** Base64 of 16 bytes. Secret: never leaves the server. */
  session_key: string
  /** Only where the program is bound to an Open Platform account. */
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

/** What login may answer (miniprogram-server-api §0 and §1), with what the caller should do. */
export const CODE2SESSION_ERRORS: readonly { errcode: number; errmsg: string; meaning: 'refused' | 'retry' }[] = [
  { errcode: -1, errmsg: 'system error', meaning: 'retry' },
  { errcode: 40013, errmsg: 'invalid appid', meaning: 'refused' },
  { errcode: 40029, errmsg: 'invalid code', meaning: 'refused' },
  { errcode: 40125, errmsg: 'invalid appsecret', meaning: 'refused' },
  { errcode: 40163, errmsg: 'code been used', meaning: 'refused' },
  { errcode: 40226, errmsg: 'code blocked', meaning: 'refused' },
  { errcode: 41002, errmsg: 'appid missing', meaning: 'refused' },
  { errcode: 41004, errmsg: 'appsecret missing', meaning: 'refused' },
  { errcode: 41008, errmsg: 'missing code', meaning: 'refused' },
  { errcode: 45011, errmsg: 'api minute-quota reach limit mustslower retry next minute', meaning: 'retry' },
]
