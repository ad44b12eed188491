// merchant-keys.json: keys generated for merchants of a merchants file. They are kept so that the next start uses the same ones.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExtraMerchant } from '../platform/merchants/accounts.ts'
import type { MerchantKeys } from '../platform/merchants/keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import { readMerchants } from './merchants-file.ts'

/** Reads the merchants of the merchants file. Generated keys are kept in `dir`, when there is one. */
export async function loadMerchants(file: string, dir: string | undefined, clock?: Clock, random?: Random): Promise<ExtraMerchant[]> {
  if (dir === undefined) return readMerchants(file, {}, clock, random)
  const keptAt = join(dir, 'merchant-keys.json')
  const merchants = await readMerchants(file, await readKept(keptAt), clock, random)
  await mkdir(dir, { recursive: true })
  const kept = Object.fromEntries(merchants.map(({ mchid, keys }) => [mchid, keys]))
  await writeFile(keptAt, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
  return merchants
}

async function readKept(file: string): Promise<Record<string, MerchantKeys>> {
  try {
    // Only the emulator writes this file, so its shape is known.
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, MerchantKeys>
  } catch {
    return {}
  }
}
