// What a power cut and a restored backup leave (G2, G13).

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toolNamed } from '../../support/tools.ts'
import { aWorld, HOUR } from '../../support/world.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-restored-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const STRACE = toolNamed('strace').find()
/** Writes one row at a time, and then fifty that share commits; prints what was acknowledged to standard output. */
const script = (database: string): string => `
  import { writeSync } from 'node:fs'
  import { openStore } from ${JSON.stringify(new URL('../../../packages/store/src/index.ts', import.meta.url).pathname)}
  import { anOrder } from ${JSON.stringify(new URL('../../../packages/store/test/builders.ts', import.meta.url).pathname)}
  const store = await openStore('sqlite:${database}')
  const place = async (n) => {
    await store.transaction((tx) => tx.orders.insert(anOrder({ out_trade_no: 'ORDER-' + n }), null, { source: 'api' }))
    writeSync(1, 'acknowledged ' + n + '\\n')
  }
  for (let n = 1000; n < 1050; n++) await place(n)
  await Promise.all(Array.from({ length: 50 }, (_, i) => place(1050 + i)))
  const look = await store.transaction((tx) => tx.orders.find('shop', 'ORDER-1000'))
  writeSync(1, 'read ' + look.out_trade_no + '\\n')
  await store.close()`

// Without strace the system calls cannot be seen.
test.skipIf(STRACE === undefined)('G2: every acknowledged write was synced to the disk before, alone or in a group', () => {
  const database = join(folder, 'synced.db')
  const log = join(folder, 'strace.log')
  const node = [process.execPath, '--conditions=@cashdesk/source', '--input-type=module-typescript', '-e', script(database)]
  const { status, stderr } = spawnSync(STRACE ?? '', ['-f', '-y', '-e', 'trace=pwrite64,fdatasync,write', '-o', log, ...node], {
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  const { acknowledged, syncs, early } = readTrace(readFileSync(log, 'utf8').split('\n'), `${database}-wal`)
  expect(early).toEqual([])
  expect(acknowledged).toBe(100)
  // Fifty alone, and a few for the fifty together; SQLite's own syncs are not counted.
  expect(syncs).toBeGreaterThanOrEqual(51)
})

/** Follows the WAL through the system calls: after a write, an acknowledgement is safe only after a sync that began later and returned. */
function readTrace(lines: readonly string[], wal: string): { acknowledged: number; syncs: number; early: string[] } {
  let written = 0
  let synced = 0
  const underWay = new Map<string, number>()
  const found = { acknowledged: 0, syncs: 0, early: [] as string[] }
  for (const line of lines) {
    const thread = line.split(' ', 1)[0] ?? ''
    if (line.includes('pwrite64(') && line.includes(wal)) written++
    if (line.includes('fdatasync(') && line.includes(wal)) underWay.set(thread, written)
    if (/fdatasync(\(| resumed).*= 0$/.test(line) && underWay.has(thread)) {
      synced = underWay.get(thread) ?? 0
      underWay.delete(thread)
      found.syncs++
    }
    if (!line.includes('"acknowledged ')) continue
    found.acknowledged++
    if (synced < written) found.early.push(line)
  }
  return found
}

test('G13: a restored backup finds the payments made since', async () => {
  const [file, backup] = [join(folder, 'shop.db'), join(folder, 'backup.db')]
  const before = await aWorld({ databaseURL: `sqlite:${file}` })
  const { appid, users } = before.emulator.settings
  const openid = users[0]?.openid ?? ''
  const fields: Record<string, string>[] = []
  for (let i = 0; i < 20; i++) {
    const { out_trade_no } = await before.placeOrder({ payer: { appid, openid } })
    const answer = await before.api(`/v1/orders/${out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })
    fields.push((await answer.json()) as Record<string, string>)
  }
  await before.close()
  copyFileSync(file, backup)
  // The machine is lost; users still pay the orders that they were shown.
  for (const field of fields) expect(before.emulator.cashier({ ...field, appId: appid, openid })).toEqual({ errMsg: 'requestPayment:ok' })

  const after = await aWorld({ databaseURL: `sqlite:${backup}`, network: (request) => before.emulator.fetch(request) })
  await after.clock.advance(HOUR)
  await before.clock.advance(HOUR)
  while ((await after.settle()) > 0);
  for (let i = 1; i <= 20; i++) expect((await after.order(`ORDER-${i}`)).state).toBe('paid')
  await after.close()
})
