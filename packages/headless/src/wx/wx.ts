// Builds the global `wx`. Reading a function that it does not offer throws an error with the name of the function.

import { isMethod } from '../pages/definition.ts'
import type { Realm } from '../program/realm.ts'
import { type Api, type Result, wxFunction } from './call.ts'

export interface WxParts {
  realm: Realm
  asynchronous: Record<string, Api>
  synchronous: Record<string, (...values: unknown[]) => unknown>
  request(aborted: AbortSignal): Api
}

export function createWx({ realm, asynchronous, synchronous, request }: WxParts): object {
  const wx: Result = { env: realm.copy({ USER_DATA_PATH: 'http://usr' }), ...synchronous }
  for (const [name, api] of Object.entries(asynchronous)) wx[name] = wxFunction(realm, name, api)
  const { getSystemInfoSync } = synchronous
  if (getSystemInfoSync) {
    const systemInfo: Api = () => Object(getSystemInfoSync())
    for (const name of ['getSystemInfo', 'getSystemInfoAsync']) wx[name] = wxFunction(realm, name, systemInfo)
  }
  wx['getNetworkType'] = wxFunction(realm, 'getNetworkType', () => ({ networkType: 'wifi' }))
  wx['nextTick'] = (callback: unknown) => {
    if (isMethod(callback)) realm.later(callback)
  }
  wx['canIUse'] = (schema: unknown) => Object.hasOwn(wx, String(schema).split('.')[0] ?? '')
  wx['request'] = (options: unknown) => {
    const abort = new AbortController()
    const promise = wxFunction(realm, 'request', request(abort.signal))(options)
    // With callbacks, WeChat returns a task; without them, a promise that also has the functions of a task.
    const task = { abort: () => abort.abort(), onHeadersReceived: () => undefined, offHeadersReceived: () => undefined }
    return Object.assign(promise instanceof Promise ? promise : realm.object(), task)
  }

  return new Proxy(wx, {
    get(offered, name) {
      if (typeof name === 'symbol' || name in offered || NO_API.test(name)) return Reflect.get(offered, name)
      return () => {
        throw realm.error(`wx.${name} is not offered by the headless host.`)
      }
    },
  })
}

/** Names that JavaScript and bundlers read without meaning an API: promises, JSON, and webpack, which keeps its chunks on `wx`. */
const NO_API = /^[$_]|^(then|toJSON|webpackJsonp)$/
