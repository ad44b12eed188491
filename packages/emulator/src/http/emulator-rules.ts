// What the loopback guard lets through to the emulator: WeChat's API under WeChat's host names, the control API only under a name of this machine.

import { WECHAT_HOSTS } from '../platform/merchants/authority.ts'
import { allowedNames, type GuardRules } from './loopback-guard.ts'

/** Paths of WeChat's API: v3, v2, api.weixin.qq.com. Every other path belongs to the control API or does not exist. */
const WECHAT_PATHS = /^\/(v3|pay|secapi|sns|cgi-bin|wxa)\//

export function emulatorRules(allowedHosts?: readonly string[]): GuardRules {
  return { allowedHosts: allowedNames(allowedHosts), platform: { hosts: WECHAT_HOSTS, paths: WECHAT_PATHS } }
}
