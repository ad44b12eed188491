// The API key of `cashdesk dev`: the same at every start, so that a copied key stays valid.

import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function keptKey(dir: string): string {
  const file = join(dir, 'api-key')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const key = `cd_dev_${randomBytes(24).toString('base64url')}`
  writeFileSync(file, `${key}\n`, { mode: 0o600 })
  return key
}
