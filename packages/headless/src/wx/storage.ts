// wx's storage functions over a Map. Giving the same Map to the next run keeps its content.

import { record } from '../pages/definition.ts'
import type { Realm } from '../program/realm.ts'
import { type Api, Failure } from './call.ts'

export function storageApis(storage: Map<string, string>): Record<string, Api> {
  return {
    setStorage({ key, data }) {
      storage.set(String(key), JSON.stringify(data) ?? 'null')
      return {}
    },
    getStorage({ key }) {
      const text = storage.get(String(key))
      if (text === undefined) throw new Failure('data not found')
      return { data: JSON.parse(text) }
    },
    removeStorage({ key }) {
      storage.delete(String(key))
      return {}
    },
    clearStorage() {
      storage.clear()
      return {}
    },
    getStorageInfo: () => info(storage),
  }
}

export function storageSync(storage: Map<string, string>, realm: Realm): Record<string, (...values: unknown[]) => unknown> {
  return {
    setStorageSync: (key, data) => {
      storage.set(String(key), JSON.stringify(data) ?? 'null')
    },
    getStorageSync: (key) => {
      const text = storage.get(String(key))
      return text === undefined ? '' : realm.copy(JSON.parse(text))
    },
    removeStorageSync: (key) => {
      storage.delete(String(key))
    },
    clearStorageSync: () => storage.clear(),
    getStorageInfoSync: () => realm.copy(record(info(storage))),
  }
}

function info(storage: Map<string, string>): { keys: string[]; currentSize: number; limitSize: number } {
  const bytes = [...storage].reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  return { keys: [...storage.keys()], currentSize: Math.ceil(bytes / 1024), limitSize: 10_240 }
}
