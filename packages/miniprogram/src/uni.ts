// The host for uni-app, over the global `uni`. WeChat's own object passes through uni unchanged on mp-weixin.

import type { Host, PaymentFields, Said } from './host.ts'
import { kept, pause } from './kept.ts'

/** The part of `uni` that is used. The real object, typed by @dcloudio/types, fits. */
export interface UniLike {
  login(options: { provider: 'weixin'; success(result: { code: string }): void; fail(error: Said): void }): void
  request(options: {
    url: string
    method: 'GET' | 'POST'
    header: Record<string, string>
    data?: object
    success(result: { statusCode: number; data: unknown }): void
    fail(error: Said): void
  }): unknown
  requestPayment(options: PaymentFields & UniPayment): void
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: string): void
  removeStorageSync(key: string): void
}

/** `provider` is required by uni. `orderInfo` is for apps; mp-weixin ignores it. */
interface UniPayment {
  provider: 'wxpay'
  orderInfo: string
  success(result: Said): void
  fail(error: Said): void
}

/** For mp-weixin. In H5 there is no uni.requestPayment. */
export function uniHost(uni: UniLike): Host {
  return {
    login: () => new Promise((resolve, reject) => uni.login({ provider: 'weixin', success: ({ code }) => resolve(code), fail: reject })),
    request: ({ method, url, header, data }) =>
      new Promise((resolve, reject) => {
        uni.request({
          url,
          method,
          header,
          ...(data && { data }),
          success: ({ statusCode, data: answer }) => resolve({ status: statusCode, data: answer }),
          fail: reject,
        })
      }),
    requestPayment: (fields) =>
      new Promise((resolve) => uni.requestPayment({ provider: 'wxpay', orderInfo: '', ...fields, success: resolve, fail: resolve })),
    ...kept(uni),
    wait: pause,
  }
}
