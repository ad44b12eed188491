// What all three platforms spell alike: storage that survives the program, and a pause.

import type { Host } from './host.ts'

interface StorageLike {
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: string): void
  removeStorageSync(key: string): void
}

declare function setTimeout(wake: () => void, ms: number): unknown

export function kept(storage: StorageLike): Pick<Host, 'read' | 'write' | 'remove'> {
  return {
    read(key) {
      // What is not there is '' on every platform.
      const value = storage.getStorageSync(key)
      return typeof value === 'string' && value !== '' ? value : undefined
    },
    write: (key, value) => storage.setStorageSync(key, value),
    remove: (key) => storage.removeStorageSync(key),
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
