// WeChat's two words that a payment needs: a login code, and the cashier. In a browser there is no WeChat, unless the page was given one.

export interface Fields {
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'RSA'
  paySign: string
}

interface Said {
  errMsg: string
}

interface Weixin {
  login(options: { success(result: { code: string }): void; fail(said: Said): void }): void
  requestPayment(options: Fields & { success(said: Said): void; fail(said: Said): void }): void
}

export const NO_WEIXIN = '浏览器里没有微信支付，请在微信小程序中打开本店'

/** Works once, for five minutes. */
export function weixinCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      success: ({ code }: { code: string }) => resolve(code),
      fail: () => reject(new Error('微信登录失败，请稍后再试')),
    }
    // #ifdef MP-WEIXIN
    uni.login({ provider: 'weixin', ...options })
    // #endif
    // #ifdef H5
    const weixin = injected()
    if (weixin) weixin.login(options)
    else reject(new Error(NO_WEIXIN))
    // #endif
  })
}

/** Resolves with WeChat's own errMsg, for `ok`, `cancel` and failure alike. The five fields pass through untouched. */
export function requestPayment(fields: Fields): Promise<string> {
  return new Promise((resolve, reject) => {
    const hear = ({ errMsg }: Said) => resolve(errMsg)
    // #ifdef MP-WEIXIN
    uni.requestPayment({ provider: 'wxpay', orderInfo: '', ...fields, success: hear, fail: hear })
    // #endif
    // #ifdef H5
    const weixin = injected()
    if (weixin) weixin.requestPayment({ ...fields, success: hear, fail: hear })
    else reject(new Error(NO_WEIXIN))
    // #endif
  })
}

// #ifdef H5
/** A page around this one may bring a WeChat, as the phone of the emulator does. */
export function injected(): Weixin | undefined {
  return (globalThis as { wx?: Weixin }).wx
}
// #endif
