// wx.login and wx.requestPayment: the two that WeChat itself answers.

import { type Api, Failure } from './call.ts'
import type { CashierAction, WeChat } from './wechat.ts'

export interface AccountOptions {
  wechat: WeChat
  /** What the person will do at the cashier. */
  action(): CashierAction
}

export function accountApis({ wechat, action }: AccountOptions): Record<string, Api> {
  let loggedIn = false
  let cashierOpen = false
  return {
    async login() {
      const code = await wechat.code()
      loggedIn = true
      return { code }
    },
    checkSession() {
      if (!loggedIn) throw new Failure('session time out, need relogin')
      return {}
    },
    async requestPayment({ success: _, fail: __, complete: ___, ...fields }) {
      // One cashier at a time; WeChat's words for the second are not known.
      if (cashierOpen) throw new Failure('the cashier is open already')
      cashierOpen = true
      try {
        const said = await wechat.cashier(fields, action())
        if (said['errMsg'] === 'requestPayment:ok') return said
        throw new Failure('', said)
      } finally {
        cashierOpen = false
      }
    },
  }
}
