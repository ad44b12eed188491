// Lists the notifications sent to merchants, and sends one again.

import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { ControlError } from '../control-error.ts'

export function notificationRoutes({ notifier }: Platform): Hono {
  const hono = new Hono()
  hono.get('/notifications', (c) => c.json({ notifications: notifier.list() }))
  hono.post('/notifications/:id/replay', async (c) => {
    const delivery = await notifier.replay(c.req.param('id'))
    if (!delivery) throw new ControlError(404, 'NOTIFICATION_UNKNOWN', 'No notification has this id.', '没有该编号的通知。')
    return c.json({ delivery })
  })
  return hono
}
