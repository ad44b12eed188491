// wx.login and wx.requestPayment: the two that WeChat itself answers.

import { type Api, Failure, type Result } from './call.ts'
import type { CashierAction, WeChat } from './wechat.ts'

export interface SeenPayment {
  /** The five fields, as the program passed them. */
  fields: Result
  /** What the program is told; `errMsg` is in it. */
  said: Result
}

export interface AccountOptions {
  wechat: WeChat
  logins: string[]
  payments: SeenPayment[]
  /** What the person will do at the cashier. */
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
      // One cashier at a time; WeChat's words for the second are not known.
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
