// The write-ahead log as a file of its own: synced in libuv's pool, so that the event loop goes on while the disk works.

import { close, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'

export interface WalFile {
  /** Resolves when everything that was written before the call is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

/**
 * SQLite keeps its locks on the database file and, in exclusive locking mode, none elsewhere: a second descriptor of the log may be opened and closed.
 * The log is one inode as long as the connection is open; SQLite rewrites and truncates it, and unlinks it only at the end.
 */
export function openWal(path: string): WalFile {
  const fd = openSync(`${path}-wal`, 'r')
  return { sync: () => promisify(fdatasync)(fd), close: () => promisify(close)(fd) }
}

/** A database in memory has no disk to wait for. */
export const NO_WAL: WalFile = { sync: async () => {}, close: async () => {} }
