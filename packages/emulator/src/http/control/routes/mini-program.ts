// What phones and the mini program console do apart from paying: phone number, encrypted data, subscriptions, confirming receipt, invalidating tokens.

import { rawDataSignature, sealUserData } from '@cashdesk/protocol'
import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { ControlError, invalidInput } from '../control-error.ts'
import { optionalInteger, readInput, requiredText } from '../input.ts'
import { readAppid, readUser } from '../user.ts'

export function miniProgramControlRoutes(platform: Platform): Hono {
  const { miniPrograms, clock, random } = platform
  const { phones, sessions, subscriptions, shipping, tokens } = miniPrograms
  const hono = new Hono()

  hono.post('/phone-code', async (c) => {
    const { appid, openid } = readUser(platform, await readInput(c.req.raw))
    return c.json({ code: phones.issue(appid, openid) })
  })

  hono.post('/user-data', async (c) => {
    const input = await readInput(c.req.raw)
    const { appid, openid } = readUser(platform, input)
    const session = sessions.find(appid, openid)
    if (!session) throw new ControlError(400, 'SESSION_UNKNOWN', 'This user has not logged in.', '该用户尚未登录。')
    const { data = {} } = input
    if (typeof data !== 'object' || data === null) throw invalidInput('data', 'must be an object', '必须是对象')
    const rawData = JSON.stringify(data)
    const watermark = { appid, timestamp: Math.floor(clock.now() / 1000) }
    const sealed = sealUserData(session.session_key, random(16), { ...data, watermark })
    return c.json({ rawData, signature: rawDataSignature(session.session_key, rawData), ...sealed })
  })

  hono.post('/subscriptions', async (c) => {
    const input = await readInput(c.req.raw)
    const { appid, openid } = readUser(platform, input)
    const left = subscriptions.accept(appid, openid, requiredText(input, 'template_id'), optionalInteger(input, 'times', 1) ?? 1)
    return c.json({ left })
  })
  hono.get('/messages', (c) => c.json({ messages: subscriptions.messages() }))

  hono.post('/access-tokens/revoke', async (c) => {
    tokens.revoke(readAppid(platform, await readInput(c.req.raw)))
    return c.json({})
  })

  hono.get('/shipping', (c) => c.json({ shipments: shipping.all(), jump_paths: Object.fromEntries(shipping.jumpPaths) }))
  hono.post('/shipping/confirm', async (c) => {
    const transaction_id = requiredText(await readInput(c.req.raw), 'transaction_id')
    if (!shipping.confirm(transaction_id, 1, clock.now())) {
      throw new ControlError(400, 'NOTHING_TO_CONFIRM', 'No shipped order waits for this confirmation.', '没有已发货、待确认收货的该订单。')
    }
    return c.json({ shipment: shipping.find(transaction_id) })
  })

  return hono
}
