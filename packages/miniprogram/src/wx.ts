// The host for native mini programs, over the global `wx`.

import type { Host, PaymentFields, Said } from './host.ts'
import { kept, pause } from './kept.ts'

/** The part of `wx` that is used. The real object, typed by miniprogram-api-typings, fits. */
export interface WxLike {
  login(options: { success(result: { code: string }): void; fail(error: Said): void }): void
  request(options: {
    url: string
    method: 'GET' | 'POST'
    header: Record<string, string>
    data?: object
    success(result: { statusCode: number; data: unknown }): void
    fail(error: Said): void
  }): unknown
  requestPayment(options: PaymentFields & { success(result: Said): void; fail(error: Said): void }): void
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: string): void
  removeStorageSync(key: string): void
}

/** wx.login has no promise form in the documents, so all calls use callbacks. */
export function wxHost(wx: WxLike): Host {
  return {
    login: () => new Promise((resolve, reject) => wx.login({ success: ({ code }) => resolve(code), fail: reject })),
    request: ({ method, url, header, data }) =>
      new Promise((resolve, reject) => {
        wx.request({
          url,
          method,
          header,
          ...(data && { data }),
          success: ({ statusCode, data: answer }) => resolve({ status: statusCode, data: answer }),
          fail: reject,
        })
      }),
    requestPayment: (fields) => new Promise((resolve) => wx.requestPayment({ ...fields, success: resolve, fail: resolve })),
    ...kept(wx),
    wait: pause,
  }
}
