// Runs the quickstart unchanged, in a process of its own.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startEmulator } from '@cashdesk/emulator'
import { expect, test } from 'vitest'

test('the quickstart pays and prints SUCCESS', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'cashdesk-quick-'))
  const running = await startEmulator({ port: 0, dir })
  const file = new URL('../../examples/quickstart.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@cashdesk/source', file, join(dir, 'emulator.json')])
  await running.close()
  rmSync(dir, { recursive: true })
  expect(stdout).toContain('requestPayment:ok')
  expect(stdout.trim().endsWith('SUCCESS')).toBe(true)
})
