// Opens SQLite's write-ahead log as a file, so that it can be synced in libuv's pool while the event loop goes on.

import { close, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'

export interface WalFile {
  /** Resolves when everything written before the call is on disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

const syncData = promisify(fdatasync)

/**
 * SQLite has its locks on the database file and, in exclusive locking mode, on no other file: so a second descriptor of the log may be opened
 * and closed. The log stays the same inode while the connection is open: SQLite rewrites and truncates it, and unlinks it only when it closes.
 */
export function openWal(path: string): WalFile {
  const fd = openSync(`${path}-wal`, 'r')
  return { sync: () => syncData(fd), close: () => promisify(close)(fd) }
}

/** For a database in memory, which has no disk to sync. */
export const NO_WAL: WalFile = { sync: async () => {}, close: async () => {} }
