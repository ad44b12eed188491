// What the how-to of the server tells the reader to write is accepted by the server.

import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createOrderRequest,
  createRefundRequest,
  createWebhookEndpointRequest,
  EVENT_TYPES,
  reviewOrderRequest,
  SCOPES,
} from '@cashdesk/contract'
import { readConfig } from '@cashdesk/server'
import { describe, expect, onTestFinished, test } from 'vitest'

const keys = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const SECRETS = {
  api_key: 'cd_live_0123456789abcdefghij',
  app_secret: 'a'.repeat(32),
  api_v3_key: 'k'.repeat(32),
  'apiclient_key.pem': keys().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim(),
  'pub_key.pem': keys().publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
}

describe.each(['docs/how-to/server.md', 'docs/how-to/server.zh-CN.md'])('%s', (page) => {
  const text = readFileSync(join(import.meta.dirname, '../..', page), 'utf8')

  test('its configuration is valid', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'secrets'))
    for (const [name, secret] of Object.entries(SECRETS)) writeFileSync(join(folder, 'secrets', name), `${secret}\n`)
    const file = join(folder, 'cashdesk.json')
    writeFileSync(file, /^```json\n(.*?)^```/ms.exec(text)?.[1] ?? '')
    expect(readConfig(file).merchants[0]).toMatchObject({
      id: 'shop',
      public_keys: { PUB_KEY_ID_0114232134912410000000000000: SECRETS['pub_key.pem'] },
    })
  })

  test('its calls match the contract', () => {
    const bodies = [...text.matchAll(/-d '(.*)'$/gm)].map((match) => JSON.parse(match[1] ?? '') as unknown)
    const schemas = [createOrderRequest, createRefundRequest, createWebhookEndpointRequest, reviewOrderRequest]
    expect(bodies).toHaveLength(schemas.length)
    for (const [i, schema] of schemas.entries()) expect(schema.safeParse(bodies[i]).error).toBeUndefined()
  })

  test('it names every scope and every event', () => {
    for (const scope of SCOPES) expect(text).toContain(`| \`${scope}\` |`)
    for (const type of EVENT_TYPES) expect(text).toContain(`\`${type}\``)
  })
})
