// The state file: read when the emulator starts, written when it stops.

import { readFile, rename, writeFile } from 'node:fs/promises'
import type { PlatformState } from '../platform/state.ts'

/** Nothing when there is no file yet. @throws TypeError when the file is not a state of this version */
export async function readState(file: string): Promise<PlatformState | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const state: unknown = JSON.parse(text)
  if (typeof state !== 'object' || state === null || Reflect.get(state, 'version') !== 1) {
    throw new TypeError(`${file} is not a state of this version of the emulator`)
  }
  // Only this emulator writes such files, and their version says which one did.
  return state as PlatformState
}

/** Whole or not at all: a half-written state would lose everything. */
export async function writeState(file: string, state: PlatformState): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
