// Links into a mini program from outside WeChat: URL Link and URL Scheme (miniprogram-server-api §11).

import { z } from 'zod'
import { MINI_PROGRAM_ENDPOINTS } from '../endpoints/mini-program.ts'
import type { MiniProgramEndpoint } from './mini-program.ts'

/** The page that the link opens. */
export interface LinkTarget {
  /** A published page, without query. Default: the home page. */
  path?: string | undefined
  /** Up to 1024 characters of ``[0-9A-Za-z!#$&'()*+,/:;=?@\-._~%]``. */
  query?: string | undefined
  /** Default `release`. The others work only outside WeChat. */
  env_version?: 'release' | 'trial' | 'develop' | undefined
}

/** How long the link works: 30 days at most. */
export interface LinkExpiry {
  /** 0: until expire_time. 1: for expire_interval. */
  expire_type?: 0 | 1 | undefined
  /** Unix seconds. */
  expire_time?: number | undefined
  /** Days, 1 to 30. */
  expire_interval?: number | undefined
}

export interface UrlLinkRequest extends LinkTarget, LinkExpiry {}

export interface UrlSchemeRequest extends LinkExpiry {
  jump_wxa?: LinkTarget | undefined
  /** Whether the link expires before its 30 days. */
  is_expire?: boolean | undefined
}

const target = {
  path: z
    .string()
    .max(1024)
    .regex(/^[^?#]*$/)
    .optional(),
  query: z
    .string()
    .max(1024)
    .regex(/^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~%]*$/)
    .optional(),
  env_version: z.enum(['release', 'trial', 'develop']).optional(),
}
const expiry = {
  expire_type: z.literal([0, 1]).optional(),
  expire_time: z.int().min(1).optional(),
  expire_interval: z.int().min(1).max(30).optional(),
}
const fits = ({ expire_type, expire_time, expire_interval }: LinkExpiry): boolean =>
  expire_type === undefined || (expire_type === 0 ? expire_time !== undefined : expire_interval !== undefined)
const unfit = { error: 'expire_type 0 needs expire_time, 1 needs expire_interval', path: ['expire_type'] }

export const miniUrlLink: MiniProgramEndpoint<UrlLinkRequest> = {
  ...MINI_PROGRAM_ENDPOINTS.miniUrlLink,
  body: z.strictObject({ ...target, ...expiry }).refine(fits, unfit),
  errcodes: [],
  source: 'miniprogram-server-api §11',
}

export const miniUrlScheme: MiniProgramEndpoint<UrlSchemeRequest> = {
  ...MINI_PROGRAM_ENDPOINTS.miniUrlScheme,
  body: z.strictObject({ jump_wxa: z.strictObject(target).optional(), is_expire: z.boolean().optional(), ...expiry }).refine(fits, unfit),
  errcodes: [],
  source: 'miniprogram-server-api §11',
}
