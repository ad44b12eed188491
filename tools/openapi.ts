// Writes docs/reference/openapi.json from the contract. A test checks that the file is current.

import { readFileSync, writeFileSync } from 'node:fs'
import { openapi } from '@cashdesk/contract'

export const OPENAPI_FILE: URL = new URL('../docs/reference/openapi.json', import.meta.url)

export function openapiFile(): string {
  const { version } = JSON.parse(readFileSync(new URL('../packages/server/package.json', import.meta.url), 'utf8')) as { version: string }
  return `${JSON.stringify(openapi(version), null, 2)}\n`
}

if (import.meta.main) writeFileSync(OPENAPI_FILE, openapiFile())
