// The mini program's own server API (api.weixin.qq.com): so far, login.

import type { Code2SessionAnswer } from '@cashdesk/protocol/spec'
import { MiniProgramApiError, NetworkError, UntrustedAnswerError } from '../errors.ts'
import { type Clock, type Fetch, systemClock } from '../ports.ts'
import { exchange } from '../transport/exchange.ts'

export interface MiniProgramOptions {
  appid: string
  app_secret: string
  /** `https://api.weixin.qq.com` by default. */
  baseURL?: string | undefined
  fetch?: Fetch | undefined
  clock?: Clock | undefined
  /** 5000 by default. */
  deadline_ms?: number | undefined
}

export interface MiniProgram {
  readonly appid: string
  /**
   * Turns the code of wx.login into openid and session_key. A code works once and for 5 minutes: after any failure the phone logs in again.
   * @throws MiniProgramApiError with WeChat's errcode, NetworkError, UntrustedAnswerError
   */
  code2Session(code: string): Promise<Code2SessionAnswer>
}

const ANSWER_BYTES_MAX = 64 * 1024
/** Errcodes that say "later", not "no" (miniprogram-server-api §0). */
const RETRY_ERRCODES = new Set([-1, 45011])

export function createMiniProgram(options: MiniProgramOptions): MiniProgram {
  const baseURL = (options.baseURL ?? 'https://api.weixin.qq.com').replace(/\/+$/, '')
  const limits = { deadline_ms: options.deadline_ms ?? 5000, bytesMax: ANSWER_BYTES_MAX }

  return {
    appid: options.appid,
    async code2Session(code) {
      const query = new URLSearchParams({
        appid: options.appid,
        secret: options.app_secret,
        js_code: code,
        grant_type: 'authorization_code',
      })
      const url = `${baseURL}/sns/jscode2session?${query}`
      const answer = await exchange(options.fetch ?? globalThis.fetch, options.clock ?? systemClock, limits, url, { method: 'GET' })
      return session(answer.status, answer.body)
    },
  }
}

const REQUEST = 'GET /sns/jscode2session'

function session(status: number, body: Uint8Array): Code2SessionAnswer {
  if (status >= 500) throw new NetworkError('ERR_NETWORK', { request: REQUEST, reason: `HTTP ${status}` })
  const value = parse(body)
  if (value.errcode) {
    const outcome = RETRY_ERRCODES.has(value.errcode) ? 'unknown' : 'refused'
    throw new MiniProgramApiError(outcome, value.errcode, value.errmsg ?? '', REQUEST)
  }
  if (typeof value.openid !== 'string' || typeof value.session_key !== 'string') {
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: REQUEST, status, reason: 'no openid' })
  }
  return { openid: value.openid, session_key: value.session_key, ...(typeof value.unionid === 'string' && { unionid: value.unionid }) }
}

function parse(body: Uint8Array): { errcode?: number; errmsg?: string; openid?: unknown; session_key?: unknown; unionid?: unknown } {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) ?? {}
  } catch {
    return {}
  }
}
