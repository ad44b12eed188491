// The `wx` that the program finds: what a payment needs of it, over the emulator and the two servers behind this address.

import { ask } from './dom.js'

const PREFIX = 'wx.'
/** What phones say when there is no network (miniprogram-client-api §2). */
const NO_NETWORK = { errno: 600001, errMsg: 'request:fail errcode:-106 error_msg:net::ERR_INTERNET_DISCONNECTED' }

/**
 * What a program gives with a call: how it wants to hear of the result.
 *
 * @typedef {{ errMsg?: string } & Record<string, unknown>} Result
 * @typedef {{ success?: (result: Result) => void; fail?: (result: Result) => void; complete?: (result: Result) => void }} Options
 * @typedef {{ url: string; method?: string; header?: Record<string, string>; data?: Record<string, string> }} RequestOptions
 */

/**
 * @param {Options} options
 * @param {string} name
 * @param {Result} result
 */
const told = (options, name, result) => {
  const said = result.errMsg ? result : { errMsg: `${name}:ok`, ...result }
  const good = said.errMsg === `${name}:ok`
  if (good) options.success?.(said)
  else options.fail?.(said)
  options.complete?.(said)
}

/**
 * @param {{ appid: string; openid(): string | undefined; pay(fields: object): Promise<import('@cashdesk/emulator').CashierResult | undefined> }} phone
 *   which program runs, who holds the phone, and what draws the cashier
 */
export function weixinFor(phone) {
  /** @param {string} name */
  const host = (name) => new URL(`host/${name}`, location.href).href
  return {
    /** @param {Options} options */
    login(options = {}) {
      ask('wechat/login', 'POST', { appid: phone.appid, openid: phone.openid() }).then(
        ({ code, message }) => told(options, 'login', code ? { code } : { errMsg: `login:fail ${message}` }),
        () => told(options, 'login', { errMsg: 'login:fail 网络异常' }),
      )
    },
    /** @param {Options} options */
    checkSession: (options = {}) => told(options, 'checkSession', {}),
    /** @param {Options & RequestOptions} options */
    request(options) {
      const { url, method = 'GET', header = {}, data } = options
      const query = method === 'GET' && data ? `?${new URLSearchParams(data)}` : ''
      const body = method !== 'GET' && data !== undefined ? JSON.stringify(data) : null
      fetch(url + query, { method, headers: { 'content-type': 'application/json', ...header }, body }).then(
        async (answer) => {
          const text = await answer.text()
          told(options, 'request', { statusCode: answer.status, data: parsed(text), header: Object.fromEntries(answer.headers) })
        },
        () => told(options, 'request', NO_NETWORK),
      )
    },
    /** @param {Options} options */
    requestPayment(options) {
      const { success: _, fail: __, complete: ___, ...fields } = options
      // Undefined: the program was closed meanwhile, and nobody is there to be told.
      phone.pay(fields).then((said) => said && told(options, 'requestPayment', { ...said }))
    },
    /** @param {string} key */
    getStorageSync: (key) => parsed(localStorage.getItem(PREFIX + key) ?? '""'),
    /**
     * @param {string} key
     * @param {unknown} value
     */
    setStorageSync: (key, value) => localStorage.setItem(PREFIX + key, JSON.stringify(value)),
    /** @param {string} key */
    removeStorageSync: (key) => localStorage.removeItem(PREFIX + key),
    getAccountInfoSync: () => ({ miniProgram: { appId: phone.appid, envVersion: 'develop', version: '' } }),
    getExtConfigSync: () => ({ backend: host('backend'), cashdesk: host('cashdesk') }),
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
