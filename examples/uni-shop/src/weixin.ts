// The WeChat of this program: uni's own on mp-weixin. A browser has none, unless the surrounding page provides one, like the emulator's phone.

import { type Host, uniHost, type WxLike, wxHost } from '@cashdesk/miniprogram'

export const NO_WEIXIN = '浏览器里没有微信支付，请在微信小程序中打开本店'

/** What a program can find out about itself. */
interface Account {
  getAccountInfoSync(): { miniProgram: { appId: string } }
  getExtConfigSync?(): Record<string, string>
}

/** Undefined in a plain browser. */
export let weixin: { host: Host; account: Account } | undefined

// #ifdef MP-WEIXIN
weixin = { host: uniHost(uni), account: uni }
// #endif

// #ifdef H5
const { wx } = globalThis as { wx?: WxLike & Account }
weixin = wx && typeof wx.requestPayment === 'function' ? { host: wxHost(wx), account: wx } : undefined
// #endif
