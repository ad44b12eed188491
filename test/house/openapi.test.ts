// The committed OpenAPI document is current, and complete.

import { readFileSync } from 'node:fs'
import { openapi, PROBLEMS, ROUTES } from '@cashdesk/contract'
import { expect, test } from 'vitest'
import { OPENAPI_FILE, openapiFile } from '../../tools/openapi.ts'

test('docs/reference/openapi.json is current (npm run docs:openapi)', () => {
  expect(readFileSync(OPENAPI_FILE, 'utf8')).toBe(openapiFile())
})

const document = openapi('0')
const text = JSON.stringify(document)

test('every reference exists, and every schema is referred to', () => {
  const refs = new Set([...text.matchAll(/#\/components\/schemas\/([A-Za-z]+)/g)].map((match) => match[1] ?? ''))
  expect([...refs].sort()).toEqual(Object.keys(document.components.schemas).sort())
  expect(text).not.toContain('$defs')
})

test('every route is listed by its name, and every refusal belongs to some route', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  expect(operations.map((one) => one.operationId).sort()).toEqual(Object.keys(ROUTES).sort())
  // The routes for WeChat's notifications are not part of the API.
  const told = Object.keys(PROBLEMS).filter((code) => code !== 'notification_refused')
  for (const code of told) expect(text, code).toContain(`\`${code}\``)
})
