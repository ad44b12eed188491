// The echo: sends a text back, sealed to the merchant's certificate if it came sealed, and once more as a notification (security-echo §1).

import { sealSensitive } from '@cashdesk/protocol'
import { securityEcho } from '@cashdesk/protocol/spec'
import type { Platform } from '../../../platform/platform.ts'
import { type Route, route } from '../route.ts'
import { openField } from '../sensitive.ts'
import { checkNotifyUrl } from './order-rules.ts'

export function securityRoutes({ merchants, notifier }: Platform): Route[] {
  return [
    route(securityEcho, ({ merchant, body, headers }) => {
      const { echo_message, encrypted_echo_message: sealed, notify_url } = body
      if (notify_url !== undefined) checkNotifyUrl(notify_url)
      const opened = sealed === undefined ? undefined : openField({ merchants, merchant, headers }, '/encrypted_echo_message', sealed)
      const again = opened === undefined ? undefined : sealSensitive(merchant.publicKey, opened)
      if (notify_url !== undefined) {
        notifier.announce({
          mchid: merchant.mchid,
          notify_url,
          event_type: 'SECURITY_ECHO.SUCCESS',
          original_type: 'security',
          summary: '安全回显成功',
          resource: { echo_message, ...(again !== undefined && { encrypt_echo_message: again }) },
        })
      }
      return { echo_message, ...(again !== undefined && { encrypted_echo_message: again }) }
    }),
  ]
}
