// Keeps a state file: its first line is a whole state, and each line appended to it holds the changes of one turn.
// They are folded into a new first line at the start, at the end, and whenever they have grown too long.

import { closeSync, fchmodSync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync, type Stats, statSync, writeSync } from 'node:fs'
import type { Change } from '../platform/kept/journal.ts'
import type { PlatformState } from '../platform/kept/state.ts'
import { reasonOf, StateFileError } from './state-file-error.ts'

export interface StateFile {
  /** All of them or none. A process that is killed afterwards has them. @throws StateFileError */
  write(changes: readonly Change[]): void
  /** Writes the whole state in place of everything before. @throws StateFileError */
  renew(): void
  close(): void
}

/** Changes are folded into a new state when they are longer than this, and longer than the state itself: so a fold costs no more than what led to it. */
const FOLD_BYTES = 4 * 1024 * 1024

/** Nothing is touched before the first `renew`. */
export function openStateFile(file: string, state: () => PlatformState, foldBytes: number = FOLD_BYTES): StateFile {
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
    size = bytes.length
    foldAt = size + Math.max(foldBytes, size)
  }

  const write = (changes: readonly Change[]): void => {
    if (fd === undefined || !isOurs(file, fd, size)) {
      // Somebody removed the file: all of it is written again.
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
      // The line is written all the same; the next fold is tried when as much again has come.
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

/** Says whether the file is there. @throws StateFileError when it is another one, or somebody else wrote to it */
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

/** On the disk before it is renamed: a half-written state would lose everything. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const fd = openSync(file, 'w', 0o600)
  try {
    // One left behind by an earlier process may have other rights.
    fchmodSync(fd, 0o600)
    writeFully(fd, bytes)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** One call may write less than it was given. */
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
