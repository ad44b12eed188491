// G1: ids of events sort in the order in which they were made, also after a restart, wherever the clock went meanwhile.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { aDatabase } from '../../../test/support/database.ts'
import { eventIds } from '../src/event-id.ts'
import { openStore } from '../src/index.ts'

const none = (bytes: number): Uint8Array => new Uint8Array(bytes)
const DAY = 86_400_000

test('G1: a clock that steps back, stands still or runs through 70,000 events in one moment reorders none', () => {
  const ids = eventIds(none)
  const made = [5 * DAY, 5 * DAY, 4 * DAY, 4 * DAY + 1, 5 * DAY + 1].map(ids.next)
  expect(made).toEqual([...made].sort())
  const many = Array.from({ length: 70_000 }, () => ids.next(1))
  expect(many).toEqual([...many].sort())
  expect(new Set(many.map((id) => id.length))).toEqual(new Set([4 + 12 + 4 + 12]))
})

test('G1: what follows a known id sorts after it, and one of another form changes nothing', () => {
  const before = eventIds(none)
  before.next(9 * DAY)
  const last = before.next(9 * DAY)
  const ids = eventIds(none)
  ids.after(last)
  ids.after('evt_x')
  ids.after('')
  expect(ids.next(DAY) > last).toBe(true)
  const later = eventIds(none)
  later.next(10 * DAY)
  later.after(last)
  expect(later.next(DAY) > last).toBe(true)
})

test('G1: a server that starts with a clock that is behind goes on after the newest event', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-event-id-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const url = await aDatabase(join(folder, 'ids.db'))
  const told: string[] = []
  for (const [i, now] of [10 * DAY, 2 * DAY, DAY].entries()) {
    const store = await openStore(url, { now: () => now })
    await store.transaction((tx) => tx.incidents.open({ merchant: 'shop', kind: 'stuck', subject: `X-${i}`, detail: {}, now }))
    const events = await store.transaction((tx) => tx.events.list('shop', { limit: 9, after: told.at(-1) }))
    expect(events).toHaveLength(1)
    told.push(events[0]?.id ?? '')
    await store.close()
  }
  expect(told).toEqual([...told].sort())
})
