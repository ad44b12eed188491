// The `wx` that the program finds: what a payment needs of it, over the emulator and the two servers behind this address.

import { ask } from './dom.js'

const PREFIX = 'wx.'
/** What phones say when there is no network (miniprogram-client-api §2). */
const NO_NETWORK = { errno: 600001, errMsg: 'request:fail errcode:-106 error_msg:net::ERR_INTERNET_DISCONNECTED' }

const told = (options, name, result) => {
  const said = result.errMsg ? result : { errMsg: `${name}:ok`, ...result }
  const good = said.errMsg === `${name}:ok`
  if (good) options.success?.(said)
  else options.fail?.(said)
  options.complete?.(said)
}

/** `phone` says which program runs, who holds the phone, and draws the cashier. */
export function weixinFor(phone) {
  const host = (name) => new URL(`host/${name}`, location.href).href
  return {
    login(options = {}) {
      ask('wechat/login', 'POST', { appid: phone.appid, openid: phone.openid() }).then(
        ({ code, message }) => told(options, 'login', code ? { code } : { errMsg: `login:fail ${message}` }),
        () => told(options, 'login', { errMsg: 'login:fail 网络异常' }),
      )
    },
    checkSession: (options = {}) => told(options, 'checkSession', {}),
    request(options) {
      const { url, method = 'GET', header = {}, data } = options
      const query = method === 'GET' && data ? `?${new URLSearchParams(data)}` : ''
      const body = method !== 'GET' && data !== undefined ? JSON.stringify(data) : undefined
      fetch(url + query, { method, headers: { 'content-type': 'application/json', ...header }, body }).then(
        async (answer) => {
          const text = await answer.text()
          told(options, 'request', { statusCode: answer.status, data: parsed(text), header: Object.fromEntries(answer.headers) })
        },
        () => told(options, 'request', NO_NETWORK),
      )
    },
    requestPayment(options) {
      const { success: _, fail: __, complete: ___, ...fields } = options
      // Undefined: the program was closed meanwhile, and nobody is there to be told.
      phone.pay(fields).then((said) => said && told(options, 'requestPayment', said))
    },
    getStorageSync: (key) => parsed(localStorage.getItem(PREFIX + key) ?? '""'),
    setStorageSync: (key, value) => localStorage.setItem(PREFIX + key, JSON.stringify(value)),
    removeStorageSync: (key) => localStorage.removeItem(PREFIX + key),
    getAccountInfoSync: () => ({ miniProgram: { appId: phone.appid, envVersion: 'develop', version: '' } }),
    getExtConfigSync: () => ({ backend: host('backend'), cashdesk: host('cashdesk') }),
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
