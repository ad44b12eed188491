// The host for Taro, over the default export of @tarojs/taro. Taro returns promises, which reject with WeChat's own object.

import type { Host, PaymentFields, Said } from './host.ts'
import { kept, pause } from './kept.ts'

/** The part of Taro that is used. The real object, typed by @tarojs/taro, fits. */
export interface TaroLike {
  login(): Promise<{ code: string }>
  request(options: {
    url: string
    method: 'GET' | 'POST'
    header: Record<string, string>
    data?: object
  }): Promise<{ statusCode: number; data: unknown }>
  requestPayment(options: PaymentFields): Promise<Said>
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: string): void
  removeStorageSync(key: string): void
}

/** For weapp. Taro's H5 has no payment: its requestPayment rejects there. */
export function taroHost(taro: TaroLike): Host {
  return {
    login: () => taro.login().then(({ code }) => code),
    request: ({ method, url, header, data }) =>
      taro
        .request({ url, method, header, ...(data && { data }) })
        .then(({ statusCode, data: answer }) => ({ status: statusCode, data: answer })),
    requestPayment: (fields) => taro.requestPayment(fields).catch((said: Said) => said),
    ...kept(taro),
    wait: pause,
  }
}
