// Every metric, reason for not being ready and command that the how-to of operation names exists.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp } from '@cashdesk/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aWorld, type TestWorld } from '../support/world.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

let world: TestWorld
let metrics: Set<string>
beforeAll(async () => {
  world = await aWorld()
  const page = await createApp(world.world).fetch(new Request('http://127.0.0.1/metrics'), '127.0.0.1')
  metrics = new Set([...(await page.text()).matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1] ?? ''))
})
afterAll(() => world.close())

const plain = (name: string): string => name.replace(/_(count|sum|bucket)$/, '')

describe.each([
  ['docs/how-to/operate.md', 'summary'],
  ['docs/how-to/operate.zh-CN.md', 'summary_zh'],
])('%s', (page, annotation) => {
  const text = read(page)
  const named = new Set(
    [...`${text}${read('docs/how-to/alerts.yml')}`.matchAll(/\b(wxpay_[a-z_]+|http_server_[a-z_]+)/g)].map((match) =>
      plain(match[1] ?? ''),
    ),
  )

  test('the metrics that it names are exactly those of the metrics page', () => {
    expect([...named].filter((name) => !metrics.has(name))).toEqual([])
    expect([...metrics].filter((name) => !named.has(name))).toEqual([])
  })

  test('it explains every reason for not being ready', () => {
    const reasons = /type Wrong = ([^\n]+)/.exec(read('packages/server/src/health/ready.ts'))?.[1] ?? ''
    const codes = [...reasons.matchAll(/'([a-z_]+)'/g)].map((match) => match[1])
    expect(codes.length).toBeGreaterThan(4)
    for (const code of codes) expect(text).toContain(`| \`${code}\` |`)
  })

  test('it lists exactly the alerts of the file, with their sentences', () => {
    const alerts = [...read('docs/how-to/alerts.yml').matchAll(/^ {6}- alert: ([A-Za-z]+)$/gm)].map((match) => match[1])
    const rows = [...text.matchAll(/^\| `([A-Z][A-Za-z]+)` \|/gm)].map((match) => match[1])
    expect(rows).toEqual(alerts)
    expect(new Set(alerts).size).toBe(alerts.length)
    const summaries = [...read('docs/how-to/alerts.yml').matchAll(new RegExp(`^ +${annotation}: '(.+)'$`, 'gm'))].map((match) => match[1])
    expect([...text.matchAll(/^\| `[A-Z][A-Za-z]+` \| (.+) \|$/gm)].map((match) => match[1])).toEqual(summaries)
  })
})
