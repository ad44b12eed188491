// keys.json: all keys of one emulator. They are kept so that a client stays configured across restarts.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EmulatorKeys, generateKeys } from '../platform/merchants/keys.ts'
import { type Clock, systemClock } from '../ports/clock.ts'
import { type Random, systemRandom } from '../ports/random.ts'

/** Reads the keys kept in `dir`, or generates new ones and writes them there. A file that cannot be used is replaced. */
export async function loadKeys(dir: string, clock: Clock = systemClock, random: Random = systemRandom): Promise<EmulatorKeys> {
  const file = join(dir, 'keys.json')
  const kept = await readKeys(file)
  if (kept) return kept
  const keys = await generateKeys(clock.now(), random)
  await mkdir(dir, { recursive: true })
  await writeFile(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  return keys
}

async function readKeys(file: string): Promise<EmulatorKeys | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    return isKeys(value) ? value : undefined
  } catch {
    return undefined
  }
}

const PLATFORM = ['platform_serial', 'platform_cert', 'platform_private']
const MERCHANT = [
  ...['merchant_serial', 'merchant_key', 'merchant_cert', 'api_v3_key', 'api_v2_key'],
  ...['public_key_id', 'public_key', 'public_key_private'],
]

function isKeys(value: unknown): value is EmulatorKeys {
  return (
    hasText(member(value, 'platform'), PLATFORM) &&
    hasText(member(value, 'direct'), [...MERCHANT, 'app_secret']) &&
    hasText(member(value, 'partner'), [...MERCHANT, 'sp_app_secret', 'sub_app_secret'])
  )
}

function hasText(value: unknown, names: readonly string[]): boolean {
  return names.every((name) => typeof member(value, name) === 'string')
}

function member(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined
}
