// The phone's part of the control API: wx.login, the users there are, and wx.requestPayment.

import { Hono } from 'hono'
import type { CashierAction } from '../../platform/cashier.ts'
import type { Platform } from '../../platform/platform.ts'
import { invalidInput } from './control-error.ts'
import { optionalText, readInput, requiredText } from './input.ts'
import { readUser } from './user.ts'

export function cashierRoutes(platform: Platform): Hono {
  const { people, miniPrograms, cashier } = platform
  const hono = new Hono()

  hono.get('/users', (c) => c.json({ users: people.all() }))

  hono.post('/users', async (c) => {
    const input = await readInput(c.req.raw)
    return c.json(people.add(requiredText(input, 'name')))
  })

  hono.post('/login', async (c) => {
    const { appid, openid } = readUser(platform, await readInput(c.req.raw))
    return c.json({ code: miniPrograms.logins.issue(appid, openid) })
  })

  hono.post('/cashier', async (c) => {
    const input = await readInput(c.req.raw)
    const action = actionOf(optionalText(input, 'action'))
    return c.json(cashier.use({ ...input, appId: requiredText(input, 'appId'), openid: requiredText(input, 'openid'), action }))
  })

  hono.post('/orders/pay', async (c) => {
    const input = await readInput(c.req.raw)
    return c.json(cashier.byHand(requiredText(input, 'prepay_id'), actionOf(optionalText(input, 'action'))))
  })

  return hono
}

function actionOf(text: string | undefined): CashierAction {
  if (text === undefined || text === 'pay') return 'pay'
  if (text === 'cancel' || text === 'fail') return text
  throw invalidInput('action', "must be 'pay', 'cancel' or 'fail'", '必须是 pay、cancel 或 fail')
}
