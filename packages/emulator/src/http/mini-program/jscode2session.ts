// auth.code2Session on api.weixin.qq.com: every answer is HTTP 200, an error has an errcode and a rid (miniprogram-server-api §0–1).

import type { Platform } from '../../platform/platform.ts'
import { randomHex } from '../../ports/random.ts'

export function jscode2session(platform: Platform, query: URLSearchParams): Response {
  return Response.json(answer(platform, query))
}

function answer(platform: Platform, query: URLSearchParams): Record<string, unknown> {
  const { secrets, logins } = platform
  const read = (name: string): string => query.get(name) ?? ''
  const appid = read('appid')
  if (!appid) return refuse(platform, 41002, 'appid missing')
  if (!read('secret')) return refuse(platform, 41004, 'appsecret missing')
  if (!read('js_code')) return refuse(platform, 41008, 'missing code')
  const secret = secrets.get(appid)
  if (secret === undefined) return refuse(platform, 40013, 'invalid appid')
  if (secret !== read('secret')) return refuse(platform, 40125, 'invalid appsecret')
  if (read('grant_type') !== 'authorization_code') return refuse(platform, 40002, 'invalid grant_type')

  const session = logins.redeem(appid, read('js_code'))
  if (!session.ok) return refuse(platform, session.errcode, session.errmsg)
  return { session_key: session.session_key, openid: session.openid }
}

/** The rid is three groups of 8 hex digits, the first of them the time. */
function refuse({ clock, random }: Platform, errcode: number, errmsg: string): { errcode: number; errmsg: string } {
  const seconds = Math.floor(clock.now() / 1000)
    .toString(16)
    .padStart(8, '0')
  return { errcode, errmsg: `${errmsg} rid: ${seconds}-${randomHex(random, 4)}-${randomHex(random, 4)}` }
}
