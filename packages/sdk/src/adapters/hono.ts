// Hono: `app.post('/notify', honoNotifications({ wechatpay, handle }))`.

import { fetchNotifications } from './fetch.ts'
import type { AdapterOptions } from './reply.ts'

export function honoNotifications(options: AdapterOptions): (context: { req: { raw: Request } }) => Promise<Response> {
  const answer = fetchNotifications(options)
  return (context) => answer(context.req.raw)
}
