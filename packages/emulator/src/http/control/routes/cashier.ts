// What the phone needs of the control API: wx.login, the list of users with their balances, and wx.requestPayment.

import { Hono } from 'hono'
import type { CashierAction, CashierInput } from '../../../platform/cashier/cashier.ts'
import type { Method } from '../../../platform/cashier/wallets.ts'
import type { Platform } from '../../../platform/platform.ts'
import { invalidInput } from '../control-error.ts'
import { type Input, optionalInteger, optionalText, readInput, requiredText } from '../input.ts'
import { readUser } from '../user.ts'

export function cashierRoutes(platform: Platform): Hono {
  const { people, miniPrograms, cashier, wallets } = platform
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

  hono.get('/wallets', (c) => {
    const held = people.all().map(({ name, openids }) => ({ name, change: wallets.balance(Object.values(openids)[0] ?? '') }))
    return c.json({ wallets: held })
  })

  hono.post('/wallets', async (c) => {
    const input = await readInput(c.req.raw)
    const name = requiredText(input, 'name')
    const change = optionalInteger(input, 'change', 0)
    if (change === undefined) throw invalidInput('change', 'is required: fen', '必填：单位为分')
    wallets.set(name, change)
    return c.json({ name, change })
  })

  hono.post('/cashier', async (c) => {
    const input = await readInput(c.req.raw)
    return c.json(cashier.use({ ...paymentOf(input), action: actionOf(optionalText(input, 'action')) }))
  })

  hono.post('/cashier/open', async (c) => c.json(cashier.open(paymentOf(await readInput(c.req.raw)))))

  hono.post('/cashier/confirm', async (c) => {
    const input = await readInput(c.req.raw)
    const method = methodOf(optionalText(input, 'method'))
    return c.json(cashier.confirm(paymentOf(input), method, requiredText(input, 'password')))
  })

  hono.post('/orders/pay', async (c) => {
    const input = await readInput(c.req.raw)
    return c.json(cashier.byHand(requiredText(input, 'prepay_id'), actionOf(optionalText(input, 'action'))))
  })

  return hono
}

/** Reads the call but leaves the arguments of wx.requestPayment unchecked: the cashier checks them, as WeChat does. */
function paymentOf(input: Input): CashierInput {
  return { ...input, appId: requiredText(input, 'appId'), openid: requiredText(input, 'openid') } as CashierInput
}

function methodOf(text: string | undefined): Method {
  if (text === undefined || text === 'change') return 'change'
  if (text === 'card') return text
  throw invalidInput('method', "must be 'change' or 'card'", '必须是 change 或 card')
}

function actionOf(text: string | undefined): CashierAction {
  if (text === undefined || text === 'pay') return 'pay'
  if (text === 'cancel' || text === 'fail') return text
  throw invalidInput('action', "must be 'pay', 'cancel' or 'fail'", '必须是 pay、cancel 或 fail')
}
