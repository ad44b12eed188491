// The phone's part of the control API: wx.login, the users there are, and wx.requestPayment.

import { Hono } from 'hono'
import type { CashierAction } from '../../platform/cashier.ts'
import type { Platform } from '../../platform/platform.ts'
import { ControlError, invalidInput } from './control-error.ts'
import { optionalText, readInput, requiredText } from './input.ts'

export function cashierRoutes({ people, logins, cashier, secrets }: Platform): Hono {
  const hono = new Hono()

  hono.get('/users', (c) => c.json({ users: people.all() }))

  hono.post('/users', async (c) => {
    const input = await readInput(c.req.raw)
    return c.json(people.add(requiredText(input, 'name')))
  })

  hono.post('/login', async (c) => {
    const input = await readInput(c.req.raw)
    const appid = requiredText(input, 'appid')
    if (!secrets.has(appid))
      throw new ControlError(404, 'APPID_UNKNOWN', `No mini program has the appid ${appid}.`, `不存在 appid ${appid}。`)
    const openid = optionalText(input, 'openid') ?? people.all()[0]?.openids[appid] ?? ''
    if (people.find(openid)?.appid !== appid) {
      throw new ControlError(404, 'USER_UNKNOWN', `No user has this openid under ${appid}.`, `appid ${appid} 下没有该 openid 的用户。`)
    }
    return c.json({ code: logins.issue(appid, openid) })
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
