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
// What cannot be traced cannot be counted.
test.skipIf(STRACE === undefined)('G2: each of fifty commits reaches the disk by an fsync of its own', () => {
  const script = `
      import { openStore } from ${JSON.stringify(new URL('../../../packages/store/src/index.ts', import.meta.url).pathname)}
      import { anOrder } from ${JSON.stringify(new URL('../../../packages/store/test/builders.ts', import.meta.url).pathname)}
      const store = await openStore('sqlite:${join(folder, 'fsync.db')}')
      for (let i = 0; i < 50; i++) await store.transaction((tx) => tx.orders.insert(anOrder({ out_trade_no: 'ORDER-' + (1000 + i) }), null, { source: 'api' }))
      await store.close()`
  const log = join(folder, 'strace.log')
  const node = [process.execPath, '--conditions=@cashdesk/source', '--input-type=module-typescript', '-e', script]
  const { status, stderr } = spawnSync(STRACE ?? '', ['-f', '-e', 'trace=fsync,fdatasync', '-o', log, ...node], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  expect(readFileSync(log, 'utf8').match(/f(data)?sync\(/g)?.length).toBeGreaterThanOrEqual(50)
})
test('G13: a restored backup finds out what was paid since', async () => {
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
  // The machine is lost; users go on paying what they were shown.
  for (const field of fields) expect(before.emulator.cashier({ ...field, appId: appid, openid })).toEqual({ errMsg: 'requestPayment:ok' })

  const after = await aWorld({ databaseURL: `sqlite:${backup}`, network: (request) => before.emulator.fetch(request) })
  await after.clock.advance(HOUR)
  await before.clock.advance(HOUR)
  while ((await after.settle()) > 0);
  for (let i = 1; i <= 20; i++) expect((await after.order(`ORDER-${i}`)).state).toBe('paid')
  await after.close()
})
