// The audit of a running server finds data that was changed by hand, and spreads its work over time.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHECKS, openStore } from '@cashdesk/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAuditor } from '../../packages/server/src/jobs/auditor.ts'
import { aDatabase, execute } from '../support/database.ts'
import { aWorld, HOUR, MINUTE, NOW } from '../support/world.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-auditor-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('each check runs once an hour, and what it finds is counted and logged', async () => {
  const databaseURL = await aDatabase(join(folder, 'shop.db'))
  await (await openStore(databaseURL, { data_keys: 'not needed' })).close()
  await execute(
    databaseURL,
    `INSERT INTO orders (merchant, out_trade_no, mchid, description, amount_total, amount_currency, state, version, attempts, expires_at, late, next_check_at, created_at, updated_at)
     VALUES ('shop', 'GHOST-1', '1900000001', 'x', 1, 'CNY', 'created', 1, 0, ${NOW + HOUR}, 0, ${NOW + 29 * MINUTE}, 1, 1)`,
  )
  const world = await aWorld({ databaseURL })
  const ran: string[] = []
  const { store } = world.world
  const { round } = createAuditor({
    ...world.world,
    store: {
      ...store,
      audit(cutoff, checks) {
        ran.push(...(checks ?? []))
        return store.audit(cutoff, checks)
      },
    },
  })
  for (let n = 0; n < 60; n++) {
    await round()
    await world.clock.advance(MINUTE)
  }
  expect(ran).toEqual(CHECKS.map(({ name }) => name))
  await round()
  expect(ran).toHaveLength(CHECKS.length + 1)

  const { values } = await world.world.metrics.violations.get()
  expect(values.filter(({ value }) => value > 0).map(({ labels }) => labels.check)).toEqual([
    'A01_state_is_the_last_history',
    'A02_history_has_no_gap',
  ])
  expect(values).toHaveLength(CHECKS.length)
  expect(world.logs.filter(({ event }) => event === 'audit.broken').map(({ fields }) => fields.code)).toContain('A02_history_has_no_gap')
  // This test leaves broken data behind, so the audit at the end of the test finds it, too.
  await expect(world.close()).rejects.toThrow('A01_state_is_the_last_history')
  await store.close()
})

test('a check that takes long runs less often', async () => {
  const world = await aWorld()
  let runs = 0
  const { round } = createAuditor({
    ...world.world,
    store: {
      ...world.world.store,
      async audit() {
        runs++
        await world.clock.advance(2000)
        return []
      },
    },
  })
  for (let n = 0; n < CHECKS.length; n++) await round()
  expect(runs).toBe(CHECKS.length)
  await world.clock.advance(2 * HOUR)
  await round()
  expect(runs).toBe(CHECKS.length)
  await world.clock.advance(HOUR)
  await round()
  expect(runs).toBe(CHECKS.length + 1)
  await world.close()
})
