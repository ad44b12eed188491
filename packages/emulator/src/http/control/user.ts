// Reads which mini program, and which of its users, a call of the control API means.

import type { Platform } from '../../platform/platform.ts'
import { ControlError } from './control-error.ts'
import { type Input, optionalText, requiredText } from './input.ts'

/** The `appid` of a mini program that exists here. @throws ControlError */
export function readAppid({ secrets }: Pick<Platform, 'secrets'>, input: Input): string {
  const appid = requiredText(input, 'appid')
  if (secrets.has(appid)) return appid
  throw new ControlError(404, 'APPID_UNKNOWN', `No mini program has the appid ${appid}.`, `不存在 appid ${appid}。`)
}

/** The user with this `openid`; the first user when there is none. @throws ControlError */
export function readUser(platform: Pick<Platform, 'secrets' | 'people'>, input: Input): { appid: string; openid: string } {
  const appid = readAppid(platform, input)
  const openid = optionalText(input, 'openid') ?? platform.people.all()[0]?.openids[appid] ?? ''
  if (platform.people.find(openid)?.appid === appid) return { appid, openid }
  throw new ControlError(404, 'USER_UNKNOWN', `No user has this openid under ${appid}.`, `appid ${appid} 下没有该 openid 的用户。`)
}
