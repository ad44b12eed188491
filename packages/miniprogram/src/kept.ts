// What is the same on all three platforms: persistent storage, and a pause.

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
      // All platforms return '' for a missing key.
      const value = tried(() => storage.getStorageSync(key))
      return typeof value === 'string' && value !== '' ? value : undefined
    },
    write: (key, value) => void tried(() => storage.setStorageSync(key, value)),
    remove: (key) => void tried(() => storage.removeStorageSync(key)),
  }
}

/** The Sync calls throw if storage is full or broken. The payment goes on without storage: only the saved session and resume() are lost. */
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
