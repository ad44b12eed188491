// Keeps a state file: its first line is a whole state, and each appended line holds the changes of one turn. All lines are folded into a new first line at the
// start, at the end, and whenever the changes have grown too long.

import { closeSync, fchmodSync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync, type Stats, statSync, writeSync } from 'node:fs'
import type { Change } from '../platform/kept/journal.ts'
import type { PlatformState } from '../platform/kept/state.ts'
import { giveFile, type Owner } from './owner.ts'
import { reasonOf, StateFileError } from './state-file-error.ts'

export interface StateFile {
  /** Appends all of the changes or none. Once it returns, they survive a kill of the process. @throws StateFileError */
  write(changes: readonly Change[]): void
  /** Replaces the whole file by the current state. @throws StateFileError */
  renew(): void
  close(): void
}

/** Changes are folded once they are longer than this and longer than the state itself, so that folding never costs more than writing the changes did. */
const FOLD_BYTES = 4 * 1024 * 1024

export interface StateFileOptions {
  foldBytes?: number
  /** Who gets the file when root writes it. */
  owner?: Owner | undefined
}

/** Opens a state file. The file is not touched before the first `renew`. */
export function openStateFile(
  file: string,
  state: () => PlatformState,
  { foldBytes = FOLD_BYTES, owner }: StateFileOptions = {},
): StateFile {
  let fd: number | undefined
  let size = 0
  let foldAt = 0

  const close = (): void => {
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }

  const renew = (): void => {
    if (fd !== undefined) isOurs(file, fd, size)
    const bytes = Buffer.from(`${JSON.stringify(state())}\n`)
    writeWhole(`${file}.new`, bytes)
    close()
    renameSync(`${file}.new`, file)
    fd = openSync(file, 'a', 0o600)
    if (owner) giveFile(fd, owner)
    size = bytes.length
    foldAt = size + Math.max(foldBytes, size)
  }

  const write = (changes: readonly Change[]): void => {
    if (fd === undefined || !isOurs(file, fd, size)) {
      // The file was removed while the emulator ran, so the whole state is written again.
      renew()
      return
    }
    const line = Buffer.from(`${JSON.stringify(changes)}\n`)
    append(fd, line, size)
    size += line.length
    if (size <= foldAt) return
    try {
      renew()
    } catch {
      // The line itself was written, so a failed fold is no error. The next fold is tried after the same number of bytes again.
      foldAt = size + foldBytes
    }
  }

  const explained = (act: () => void): void => {
    try {
      act()
    } catch (error) {
      throw error instanceof StateFileError ? error : unwritable(file, error)
    }
  }

  return { write: (changes) => explained(() => write(changes)), renew: () => explained(renew), close }
}

/** Whether the file is still there. @throws StateFileError when it is another file, or another process wrote to it */
function isOurs(file: string, fd: number, size: number): boolean {
  const found: Stats | undefined = statSync(file, { throwIfNoEntry: false })
  if (!found) return false
  if (found.ino === fstatSync(fd).ino && found.size === size) return true
  throw new StateFileError(
    `${file} was changed by another process while this emulator was writing to it. Stop both, keep one of them, and give each emulator a --state file of its own.\n` +
      `${file} 被其他进程改动，本模拟器无法继续写入。请停止两个进程、只保留一个，并让每个模拟器使用各自的 --state 文件。`,
  )
}

/** Appends all of the bytes or none. */
function append(fd: number, bytes: Uint8Array, size: number): void {
  try {
    writeFully(fd, bytes)
  } catch (error) {
    ftruncateSync(fd, size)
    throw error
  }
}

/** Writes a new file and syncs it to disk before it is renamed: renaming a half-written state over the old one would lose everything. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const fd = openSync(file, 'w', 0o600)
  try {
    // A file left behind by an earlier process may have other permissions.
    fchmodSync(fd, 0o600)
    writeFully(fd, bytes)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Writes all bytes in a loop, because one system call may write fewer than it was given. */
function writeFully(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written)
}

function unwritable(file: string, error: unknown): StateFileError {
  return new StateFileError(
    `The state cannot be written to ${file}: ${reasonOf(error)}\nMake room or give the right to write there; what is not written is written with the next request.\n` +
      `无法写入状态文件 ${file}。请腾出磁盘空间或授予写权限；未写入的内容会在下一次请求时写入。`,
    { cause: error },
  )
}
