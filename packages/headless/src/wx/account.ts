// wx.login and wx.requestPayment: the two functions that WeChat itself answers.

import { type Api, Failure, type Result } from './call.ts'
import type { CashierAction, WeChat } from './wechat.ts'

export interface SeenPayment {
  /** The five arguments, as the program passed them. */
  fields: Result
  /** The result that the program received, including `errMsg`. */
  said: Result
}

export interface AccountOptions {
  wechat: WeChat
  logins: string[]
  payments: SeenPayment[]
  /** What the person will do when the cashier opens. */
  action(): CashierAction
}

export function accountApis({ wechat, logins, payments, action }: AccountOptions): Record<string, Api> {
  let cashierOpen = false
  return {
    async login() {
      const code = await wechat.code()
      logins.push(code)
      return { code }
    },
    checkSession() {
      if (logins.length === 0) throw new Failure('session time out, need relogin')
      return {}
    },
    async requestPayment({ success: _, fail: __, complete: ___, ...fields }) {
      // Only one cashier can be open. WeChat's text for a second one is not known.
      if (cashierOpen) throw new Failure('the cashier is open already')
      cashierOpen = true
      try {
        const said = await wechat.cashier(fields, action())
        payments.push({ fields, said })
        if (said['errMsg'] === 'requestPayment:ok') return said
        throw new Failure('', said)
      } finally {
        cashierOpen = false
      }
    },
  }
}
