// The data key of a SQLite database: a file beside it, created once and readable only by its owner.

import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

export function keyFileOf(path: string): string {
  return `${path}.key`
}

/** The text of the key file; undefined when there is none. */
export function readKeyFile(path: string): string | undefined {
  try {
    return readFileSync(keyFileOf(path), 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes the key to disk durably before the first value is sealed with it: a sealed value without its key would be lost. */
export function makeKeyFile(path: string, bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('base64')
  const file = openSync(keyFileOf(path), 'wx', 0o600)
  writeSync(file, `${text}\n`)
  fsyncSync(file)
  closeSync(file)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
  return text
}
