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
      const value = tried(() => storage.getStorageSync(key))
      return typeof value === 'string' && value !== '' ? value : undefined
    },
    write: (key, value) => void tried(() => storage.setStorageSync(key, value)),
    remove: (key) => void tried(() => storage.removeStorageSync(key)),
  }
}

/** The Sync calls throw when storage is full or broken. A payment goes on without it: what is lost is a login saved, and resume(). */
function tried(act: () => unknown): unknown {
  try {
    return act()
  } catch {
    return undefined
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
