// Reads a state file: its first line holds a whole state, and each further line holds the changes of one turn.

import { readFileSync } from 'node:fs'
import type { Change } from '../platform/kept/journal.ts'
import { type PlatformState, STATE_VERSION } from '../platform/kept/state.ts'
import { recordsOf, type StateRecords } from '../platform/kept/state-records.ts'
import { fromVersion1, type StateVersion1 } from '../platform/kept/version-1.ts'
import { reasonOf, StateFileError } from './state-file-error.ts'

const LINE_FEED = 10
/** The lists that every state has, whatever its version. */
const LISTS = ['people', 'orders', 'trades', 'refunds', 'ledger', 'tasks', 'notifications'] as const satisfies (keyof PlatformState)[]

/** Reads the state, or gives undefined when the file is missing or empty. @throws StateFileError */
export function readState(file: string): PlatformState | undefined {
  const bytes = readBytes(file)
  if (bytes === undefined || bytes.length === 0) return undefined
  const [first, ...more] = linesOf(bytes)
  const records = recordsOf(readFirst(file, bytes.toString('utf8', ...(first ?? [0, 0]))))
  more.forEach(([from, to], index) => {
    const whole = bytes[to] === LINE_FEED
    const changes = readChanges(bytes.toString('utf8', from, to))
    // The process was killed while it wrote this last line. No answer or notification about these changes had left yet, so the line can be dropped.
    if (!changes && !whole) return
    apply(records, changes, `${file}:${index + 2}`)
  })
  return records.state()
}

function readBytes(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new StateFileError(
      `${file} cannot be read: ${reasonOf(error)}\nIt is the file given to --state.\n无法读取 --state 指定的文件 ${file}。`,
      { cause: error },
    )
  }
}

/** Where each line begins and ends, without its line feed. Bytes after the last line feed are a line too, unless there are none. */
function linesOf(bytes: Buffer): [from: number, to: number][] {
  const lines: [number, number][] = []
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, from)
    const to = found < 0 ? bytes.length : found
    lines.push([from, to])
    from = to + 1
  }
  return lines
}

function readFirst(file: string, line: string): PlatformState {
  const value = parsed(line)
  const state = typeof value === 'object' && value !== null ? value : {}
  const version: unknown = Reflect.get(state, 'version')
  // Only the emulator writes such files, and their version names the format.
  if (LISTS.every((name) => Array.isArray(Reflect.get(state, name)))) {
    if (version === STATE_VERSION) return state as PlatformState
    if (version === 1) return fromVersion1(state as StateVersion1)
  }
  if (typeof version === 'number' && version > STATE_VERSION) throw newer(file, `version ${version}`)
  throw new StateFileError(
    `${file} is not a state of this version of the emulator, or not a state file at all. Give --state another file, or move this one away to begin anew.\n` +
      `${file} 不是本版本模拟器的状态文件。请用 --state 指定其他文件，或移走该文件后重新开始。`,
  )
}

function readChanges(line: string): readonly Change[] | undefined {
  const changes = parsed(line)
  return Array.isArray(changes) && changes.every(isChange) ? changes : undefined
}

function isChange(change: unknown): change is Change {
  return Array.isArray(change) && typeof change[0] === 'string' && typeof change[1] === 'string' && change.length <= 3
}

function apply(records: StateRecords, changes: readonly Change[] | undefined, where: string): void {
  if (!changes) {
    throw new StateFileError(
      `${where} is damaged: this line is not a list of changes. Restore the file from a copy, or remove this line and all that follow it: what they hold is lost then.\n` +
        `${where} 已损坏：该行不是变更记录。请用备份恢复该文件，或删除该行及其后的所有行（其中的内容将丢失）。`,
    )
  }
  try {
    records.apply(changes)
  } catch (error) {
    throw newer(where, reasonOf(error))
  }
}

function newer(where: string, detail: string): StateFileError {
  return new StateFileError(
    `${where} was written by a newer emulator (${detail}). Use that version, or give --state another file.\n` +
      `${where} 由更新版本的模拟器写入（${detail}）。请使用该版本，或用 --state 指定其他文件。`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
