// The one thing about profit sharing that is set in the merchant platform: where a receiving merchant is told of his shares.

import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import { ControlError, invalidInput } from './control-error.ts'
import { readInput, requiredText } from './input.ts'

export function profitSharingControlRoutes({ sharing, merchants }: Platform): Hono {
  const hono = new Hono()
  hono.get('/profit-sharing', (c) => c.json({ shares: sharing.all(), notify_urls: Object.fromEntries(sharing.notifyUrls) }))
  hono.post('/profit-sharing/notify-url', async (c) => {
    const input = await readInput(c.req.raw)
    const mchid = requiredText(input, 'mchid')
    if (!merchants.find(mchid)) {
      throw new ControlError(404, 'MCHID_UNKNOWN', `No merchant with keys has the number ${mchid}.`, `不存在商户号 ${mchid}。`)
    }
    const notify_url = requiredText(input, 'notify_url')
    if (!URL.canParse(notify_url)) throw invalidInput('notify_url', 'must be a URL', '必须是 URL')
    sharing.notifyUrls.set(mchid, notify_url)
    return c.json({ mchid, notify_url })
  })
  return hono
}
