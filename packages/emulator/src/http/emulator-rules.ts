// What the guard of loopback lets through to the emulator: WeChat's API under WeChat's names, the control API under a name of this machine.

import { WECHAT_HOSTS } from '../platform/merchants/authority.ts'
import { allowedNames, type GuardRules } from './loopback-guard.ts'

/** WeChat's API: v3, v2, api.weixin.qq.com. Everything else is the control API, or nothing. */
const WECHAT_PATHS = /^\/(v3|pay|secapi|sns|cgi-bin|wxa)\//

export function emulatorRules(allowedHosts?: readonly string[]): GuardRules {
  return { allowedHosts: allowedNames(allowedHosts), platform: { hosts: WECHAT_HOSTS, paths: WECHAT_PATHS } }
}
